#include "tests/executor/drivers/aws/fake_sts.hpp"

#include "executor/drivers/aws/sigv4.hpp"

namespace wme::executor::aws {

namespace {

HttpAnswer refusal(int status, const std::string& code) {
  return {status,
          {},
          "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender"
          "</Type><Code>" +
              code + "</Code><Message>no: " + code +
              "</Message></Error><RequestId>r</RequestId></ErrorResponse>"};
}

std::string field(const simulators::Form& form, const char* name) {
  const auto place = form.find(name);
  return place == form.end() ? "" : place->second;
}

/// "20231114T221320Z" as "2023-11-14T22:13:20Z".
std::string iso(std::chrono::sys_seconds time) {
  const std::string t = amz_date(time);
  return t.substr(0, 4) + "-" + t.substr(4, 2) + "-" + t.substr(6, 2) + "T" + t.substr(9, 2) + ":" +
         t.substr(11, 2) + ":" + t.substr(13, 2) + "Z";
}

}  // namespace

Result<HttpAnswer> FakeSts::send(const HttpCall& call) {
  const auto other = others.find(call.method + " " + call.base + call.target);
  if (other != others.end()) return other->second;
  if (call.base != base) return Error{ErrorCode::kUnreachable, "no route to " + call.base};
  const simulators::Form form = simulators::parse_form(call.body);
  asked.push_back(form);
  if (field(form, "Action") == "AssumeRoleWithWebIdentity")
    return assume(form, field(form, "WebIdentityToken"));
  std::vector<simulators::aws::AccessKey> known;
  for (const auto& [id, key] : keys) known.push_back(key);
  const simulators::aws::SigV4Verifier verifier(known, {"eu-central-1", "sts"}, clock_);
  const simulators::HttpRequest request{call.method, call.target, call.headers, call.body};
  if (const auto error = verifier.check(request)) return refusal(403, "SignatureDoesNotMatch");
  const std::string header = request.header("Authorization");
  const std::size_t begin = header.find("Credential=") + 11;
  return assume(form, header.substr(begin, header.find('/', begin) - begin));
}

HttpAnswer FakeSts::assume(const simulators::Form& form, const std::string& caller) {
  const auto role = roles.find(field(form, "RoleArn"));
  if (role == roles.end() || role->second.trusted_key != caller ||
      role->second.external_id != field(form, "ExternalId"))
    return refusal(403, "AccessDenied");
  const std::string id = "ASIA" + std::to_string(++given_);
  keys[id] = {id, "secret-" + id, "token-" + id};
  const std::string operation = field(form, "Action");
  return {200,
          {},
          "<" + operation + "Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><" +
              operation + "Result><Credentials><AccessKeyId>" + id +
              "</AccessKeyId><SecretAccessKey>secret-" + id +
              "</SecretAccessKey><SessionToken>token-" + id + "</SessionToken><Expiration>" +
              iso(clock_() + lives) + "</Expiration></Credentials></" + operation + "Result></" +
              operation + "Response>"};
}

}  // namespace wme::executor::aws
