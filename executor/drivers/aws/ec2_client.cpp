#include "executor/drivers/aws/ec2_client.hpp"

#include <utility>

#include "executor/drivers/aws/ec2_error.hpp"
#include "executor/drivers/aws/sigv4.hpp"
#include "executor/ports/sentence.hpp"
#include "model/json/percent.hpp"

namespace wme::executor::aws {

namespace {

constexpr int kPagesMax = 1000;
constexpr std::string_view kPageSize = "500";  // the most that DescribeVolumes gives

std::string form_body(const std::string& operation, const Parameters& parameters) {
  std::string body = "Action=" + operation + "&Version=2016-11-15";
  for (const auto& [name, value] : parameters)
    body.append("&")
        .append(model::percent_encode(name))
        .append("=")
        .append(model::percent_encode(value));
  return body;
}

bool only_reads(const std::string& operation) { return operation.starts_with("Describe"); }

/// "StopInstances i-0a1b": what was tried, on what; the first id says enough.
std::string subject(const std::string& operation, const Parameters& parameters) {
  for (const auto& [name, value] : parameters)
    if (name.find("Id") != std::string::npos) return "EC2 " + operation + " " + value;
  return "EC2 " + operation;
}

/// Code and message of an answer that is an error; empty when it is none of EC2's.
std::pair<std::string, std::string> said_in(const HttpAnswer& answer) {
  const auto root = parse_xml(answer.body);
  if (!root) return {};
  const Element* errors = root.value().child("Errors");
  if (errors == nullptr) return {};
  return {errors->value("Error/Code"), without_stop(errors->value("Error/Message"))};
}

/// The request as a question. A fixed address that is taken would hide what is asked for.
Parameters as_dry(Parameters parameters) {
  std::erase_if(parameters, [](const auto& pair) { return pair.first == "PrivateIpAddress"; });
  parameters.emplace_back("DryRun", "true");
  return parameters;
}

Error error_of(const std::string& what, const HttpAnswer& answer, bool reads) {
  auto [code, message] = said_in(answer);
  if (code.empty()) message = "status " + std::to_string(answer.status) + " without an EC2 error";
  const std::string cause = code.empty() ? message : code + ": " + message;
  return {classify(answer.status, code, reads), what + ": " + cause + std::string(advice(code))};
}

}  // namespace

Ec2Client::Ec2Client(HttpTransport& transport, Ec2Place place, CredentialChain& credentials,
                     WallClock wall_clock, Changes changes)
    : transport_(transport),
      place_(std::move(place)),
      credentials_(credentials),
      wall_clock_(std::move(wall_clock)),
      changes_(changes) {}

Result<Element> Ec2Client::call(const std::string& operation, const Parameters& parameters) {
  const std::string what = subject(operation, parameters);
  const bool reads = only_reads(operation);
  const bool is_dry = changes_ == Changes::kDry && !reads;
  const auto credentials = credentials_.credentials();
  if (!credentials) return credentials.error();
  UnsignedRequest request{"POST",
                          "/",
                          {{"Host", place_.base.substr(place_.base.find("://") + 3)},
                           {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
                          form_body(operation, is_dry ? as_dry(parameters) : parameters)};
  const Signature signature =
      sign(request, credentials.value().key, {place_.region, "ec2", wall_clock_()});
  request.headers.insert(request.headers.end(), signature.added.begin(), signature.added.end());

  const auto answer =
      transport_.send({"POST", place_.base, "/", request.headers, std::move(request.body)});
  if (!answer) return Error{answer.error().code, what + ": " + answer.error().message};
  if (is_dry) {
    const auto [code, message] = said_in(answer.value());
    dry_answers_.push_back({operation, code, message});
    return Error{ErrorCode::kRefused, what + ": asked by DryRun only: " + code};
  }
  if (answer.value().status != 200) {
    // Temporary ones may have been renewed in a file meanwhile, or taken back before their time.
    if (answer.value().status == 401 || said_in(answer.value()).first == "RequestExpired")
      credentials_.forget();
    return error_of(what, answer.value(), reads);
  }
  auto root = parse_xml(answer.value().body);
  if (!root)
    return Error{reads ? ErrorCode::kFailed : ErrorCode::kUnknownOutcome,
                 what + ": " + root.error().message};
  return root;
}

Result<std::vector<Element>> Ec2Client::pages(const std::string& operation, Parameters parameters) {
  std::vector<Element> all;
  parameters.emplace_back("MaxResults", kPageSize);
  const auto first_page = parameters;
  while (all.size() < kPagesMax) {
    auto page = call(operation, parameters);
    if (!page) return page.error();
    const std::string next = page.value().value("nextToken");
    all.push_back(std::move(page).value());
    if (next.empty()) return all;
    parameters = first_page;
    parameters.emplace_back("NextToken", next);
  }
  return Error{ErrorCode::kFailed, "EC2 " + operation + ": more than " + std::to_string(kPagesMax) +
                                       " pages: the filter or the endpoint is wrong"};
}

}  // namespace wme::executor::aws
