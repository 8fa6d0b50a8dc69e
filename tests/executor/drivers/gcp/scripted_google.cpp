#include "tests/executor/drivers/gcp/scripted_google.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <sstream>

#include "model/json/percent.hpp"

namespace wme::executor::gcp {

namespace {

Result<HttpAnswer> next_of(std::vector<Result<HttpAnswer>>& script) {
  const Result<HttpAnswer> next = script.front();
  if (script.size() > 1) script.erase(script.begin());
  return next;
}

}  // namespace

Result<HttpAnswer> ScriptedGoogle::send(const HttpCall& call) {
  calls_.push_back(call);
  const std::string request = call.method + " " + call.target.substr(0, call.target.find('?'));
  auto& script = answers_[request];
  if (!script.empty()) return next_of(script);
  return HttpAnswer{404,
                    {},
                    R"({"error":{"code":404,"message":"no )" + request +
                        R"(","errors":[{"reason":"notFound"}]}})"};
}

void ScriptedGoogle::answer(const std::string& request, const nlohmann::json& body, int status) {
  answers_[request].push_back(HttpAnswer{status, {{"Metadata-Flavor", "Google"}}, body.dump()});
}

void ScriptedGoogle::answer_error(const std::string& request, int status, const std::string& reason,
                                  const std::string& message) {
  answer(request,
         {{"error", {{"code", status}, {"message", message}, {"errors", {{{"reason", reason}}}}}}},
         status);
}

void ScriptedGoogle::lose(const std::string& request, ErrorCode code) {
  answers_[request].push_back(Error{code, "the connection ended"});
}

std::vector<HttpCall> ScriptedGoogle::changes() const {
  std::vector<HttpCall> found;
  for (const HttpCall& each : calls_)
    if (each.method != "GET") found.push_back(each);
  return found;
}

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

std::string query_of(const HttpCall& call, const std::string& name) {
  std::istringstream pairs(call.target.substr(call.target.find('?') + 1));
  for (std::string pair; std::getline(pairs, pair, '&');)
    if (pair.starts_with(name + "="))
      return model::percent_decode(pair.substr(name.size() + 1)).value_or("damaged");
  return "none";
}

model::Inventory inventory_on_google() {
  model::Inventory all;
  all.provider = model::Provider::kGcp;
  all.name = "acme";
  all.backup_id = "backup-7";
  all.platform.address = "10.0.0.10";
  all.platform.cloud_id = "wme-platform";
  all.platform.interface = "nic0";
  all.platform.wm_data = {"wme-data", 150};
  all.platform.wm_runtime = {"wme-runtime", 100};
  model::Instance studio;
  studio.name = "studio-1";
  studio.address = "10.0.0.21";
  studio.new_address = "10.0.0.121";
  studio.cloud_id = "wme-studio-1";
  all.instances = {studio};
  all.launch.image = "projects/ubuntu-os-cloud/global/images/family/ubuntu-2204-lts";
  all.launch.platform_size = "n2-standard-8";
  all.launch.instance_size = "n2-standard-4";
  all.launch.subnet = "wme-subnet";
  all.launch.zone = "europe-west1-b";
  all.launch.security_groups = {"wme-external"};
  return all;
}

ComputePlace test_place() {
  return {"p",           "europe-west1-b",     "europe-west1", "https://compute.test",
          "/compute/v1", "https://rights.test"};
}

const std::string& test_private_key() {
  static const std::string pem = [] {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048),
                                                                  &EVP_PKEY_free);
    const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
    PEM_write_bio_PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
  }();
  return pem;
}

}  // namespace wme::executor::gcp
