#include "simulators/aws/ec2_front.hpp"

#include <pugixml.hpp>
#include <sstream>
#include <utility>

#include "simulators/aws/ec2_operations.hpp"
#include "simulators/aws/ec2_request.hpp"
#include "simulators/aws/ec2_xml.hpp"
#include "simulators/core/forms.hpp"

namespace wme::simulators::aws {

namespace {

constexpr const char* kNamespace = "http://ec2.amazonaws.com/doc/2016-11-15/";
constexpr std::size_t kLastReadsBytesMax = 64U << 20U;

HttpResponse xml_response(int status, const pugi::xml_document& document) {
  std::ostringstream body;
  body << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  document.save(body, "", pugi::format_raw | pugi::format_no_declaration);
  return {status, {{"Content-Type", "text/xml;charset=UTF-8"}}, body.str()};
}

HttpResponse dropped() {
  HttpResponse response;
  response.drop = true;
  return response;
}

const Ec2Operation* operation_of(const std::string& name) {
  for (const Ec2Operations* all : {&describe_operations(), &change_operations()})
    if (const auto place = all->find(name); place != all->end()) return &place->second;
  return nullptr;
}

}  // namespace

Ec2Front::Ec2Front(World& world, Ec2FrontOptions options)
    : world_(world),
      options_(std::move(options)),
      backend_(world),
      verifier_(options_.keys, {options_.region, "ec2"}, options_.wall_clock) {}

Result<std::map<std::string, std::string>> Ec2Front::environment(
    const std::string& base, const std::filesystem::path& /*directory*/) {
  const AccessKey& key = options_.keys.front();
  return std::map<std::string, std::string>{{"AWS_ENDPOINT_URL_EC2", base},
                                            {"AWS_ACCESS_KEY_ID", key.id},
                                            {"AWS_SECRET_ACCESS_KEY", key.secret},
                                            {"AWS_REGION", options_.region},  // SDKs
                                            {"AWS_DEFAULT_REGION", options_.region}};
}

/// Sources: AWS SDKs and Tools, "Service-specific endpoints"; hashicorp/aws, "Custom service
/// endpoints".
std::vector<ClientHint> Ec2Front::client_hints(const std::string& base) const {
  return {
      {"aws",
       "aws ec2 describe-instances    # 2.13 and later; of version 1, 1.29 and later\n"
       "aws --endpoint-url \"$AWS_ENDPOINT_URL_EC2\" ec2 describe-instances    # before\n"},
      {"boto3", "boto3.client('ec2')    # 1.28 and later read AWS_ENDPOINT_URL_EC2\n"},
      {"@aws-sdk/client-ec2", "new EC2Client({})\n"},
      {"terraform",
       "provider \"aws\" {\n"
       "  skip_credentials_validation = true\n"
       "  skip_metadata_api_check     = true\n"
       "  skip_requesting_account_id  = true\n"
       "  endpoints { ec2 = \"" +
           base + "\" }\n}\n"},
  };
}

FidelityLedger Ec2Front::fidelity() const {
  FidelityLedger ledger{
      "AWS EC2",
      "The Query API, version 2016-11-15, POST and GET, signed with SigV4. Requests and answers "
      "are "
      "held against the service model in tests, in both directions. A parameter that is not "
      "simulated is ignored, where EC2 refuses one that it does not know.",
      {fidelity_of("any request", "POST /, GET /?…",
                   {"vendor page: Signature Version 4; EC2 Error codes",
                    "A signature is good for 15 minutes; one account, whose keys may do everything "
                    "that was not denied."}),
       fidelity_of("throttling", "any",
                   {"vendor page: EC2 Error codes; third party: retries captured from clients",
                    "RequestLimitExceeded is answered when it is scheduled, not by a token "
                    "bucket."})}};
  for (const Ec2Operations* all : {&describe_operations(), &change_operations()})
    for (const auto& [name, operation] : *all)
      ledger.entries.push_back(fidelity_of(name, "POST / Action=" + name, operation.origin));
  return ledger;
}

std::set<std::string> Ec2Front::deniable() const {
  std::set<std::string> all;
  for (const Ec2Operations* each : {&describe_operations(), &change_operations()})
    for (const auto& [name, operation] : *each) all.insert(name);
  return all;
}

std::string Ec2Front::next_request_id() {
  const std::string digits = make_id("", "request" + std::to_string(++requests_));
  return digits.substr(1, 8) + "-" + digits.substr(9, 4) + "-4" + digits.substr(13, 3) + "-8" +
         digits.substr(1, 3) + "-" + digits.substr(4, 12);
}

HttpResponse Ec2Front::refusal(const Ec2Error& error) {
  pugi::xml_document document;
  pugi::xml_node response = document.append_child("Response");
  pugi::xml_node node = response.append_child("Errors").append_child("Error");
  put(node, "Code", error.code);
  put(node, "Message", error.message);
  put(response, "RequestID", next_request_id());
  return xml_response(error.status, document);
}

HttpResponse Ec2Front::unauthorized(const std::string& operation) {
  return refusal({403, "UnauthorizedOperation",
                  "You are not authorized to perform this operation. User: arn:aws:iam::" +
                      std::string(kOwner) +
                      ":user/simulated is not authorized to perform: ec2:" + operation +
                      " because no identity-based policy allows the ec2:" + operation + " action"});
}

HttpResponse Ec2Front::handle(const HttpRequest& request) {
  const auto lock = world_.enter();
  backend_.settle();
  HttpResponse response = serve(request);
  response.headers.emplace_back("Date", http_date(world_.conditions().time_at("ec2")));
  return response;
}

HttpResponse Ec2Front::serve(const HttpRequest& request) {
  if (request.method != "POST" && request.method != "GET")
    return refusal({405, "UnsupportedOperation", "EC2 takes POST and GET"});
  if (const auto error = verifier_.check(request)) return refusal(*error);
  const Form form = parse_form(request.method == "GET" ? request.query() : request.body);
  const auto action = form.find("Action");
  if (action == form.end())
    return refusal({400, "MissingAction", "The request must contain the parameter Action"});
  const std::string& operation = action->second;
  if (operation_of(operation) == nullptr)
    return refusal(
        {400, "InvalidAction", "The action " + operation + " is not valid for this web service."});
  if (world_.conditions().denied.contains(operation)) return unauthorized(operation);
  const bool was_read = last_reads_.contains(Ec2Request(form).fingerprint());
  const Fault fault = world_.next_fault(operation, was_read);
  switch (fault) {
    case Fault::kRequestLost:
      return dropped();
    case Fault::kThrottled:
      return refusal({503, "RequestLimitExceeded", "Request limit exceeded."});
    case Fault::kServerError:
      return refusal({500, "InternalError", "An internal error has occurred"});
    case Fault::kDenied:
      return unauthorized(operation);
    case Fault::kNone:
    case Fault::kAnswerLost:
    case Fault::kOutcomeFails:  // the world's, by the action's name
    case Fault::kSlow:
    case Fault::kHangs:
    case Fault::kStaleRead:
      break;
  }
  HttpResponse response = answer(operation, form, fault);
  response.drop = fault == Fault::kAnswerLost;
  return response;
}

HttpResponse Ec2Front::answer(const std::string& operation, const Form& form, Fault fault) {
  const Ec2Request request(form);
  const std::string key = request.fingerprint();
  const bool reads = describe_operations().contains(operation);
  if (reads && request.dry_run()) return refusal(dry_run_operation());
  if (fault == Fault::kStaleRead)
    return {200, {{"Content-Type", "text/xml;charset=UTF-8"}}, last_reads_.at(key)};
  pugi::xml_document document;
  pugi::xml_node root = document.append_child((operation + "Response").c_str());
  root.append_attribute("xmlns") = kNamespace;
  put(root, "requestId", next_request_id());
  const Ec2Status done = operation_of(operation)->answer(backend_, request, root);
  if (!done) return refusal(done.error());
  HttpResponse response = xml_response(200, document);
  if (reads) {
    if (last_reads_bytes_ + response.body.size() > kLastReadsBytesMax) {
      last_reads_.clear();
      last_reads_bytes_ = 0;
    }
    std::string& kept = last_reads_[key];
    last_reads_bytes_ += response.body.size() - kept.size();
    kept = response.body;
  }
  return response;
}

}  // namespace wme::simulators::aws
