#include "executor/drivers/config_wizard/config_wizard_survey.hpp"

#include <utility>

#include "executor/ports/clock_reading.hpp"
#include "executor/transport/rest_session.hpp"

namespace wme::executor {

using nlohmann::json;

namespace {

LoginRules admin_login(const model::SystemProfile& profile, Secret password) {
  auto payload = [&profile, password = std::move(password)] {
    return json_payload({{profile.field("login.name"), profile.word("login.admin")},
                         {profile.field("login.password"), password.reveal()}});
  };
  return {"login", payload, ""};  // whatever cookies it sets are sent back [script: PI]
}

}  // namespace

struct ConfigWizardLooker::Impl {
  Impl(HttpTransport& its_transport, const model::SystemProfile& its_profile, std::string its_base,
       Secret password, WallTime its_wall_time)
      : transport(its_transport),
        profile(its_profile),
        base(std::move(its_base)),
        wall_time(std::move(its_wall_time)),
        session(transport, profile, "ConfigWizard", base,
                admin_login(profile, std::move(password))) {}

  HttpTransport& transport;
  const model::SystemProfile& profile;
  std::string base;
  WallTime wall_time;
  RestSession session;
};

ConfigWizardLooker::ConfigWizardLooker(HttpTransport& transport, const model::ApiProfile& profile,
                                       std::string base, Secret password, WallTime wall_time)
    : impl_(std::make_unique<Impl>(transport, profile.config_wizard, std::move(base),
                                   std::move(password), std::move(wall_time))) {}

ConfigWizardLooker::~ConfigWizardLooker() = default;

std::string ConfigWizardLooker::where() const { return "ConfigWizard at " + impl_->base; }

Result<ConfigWizardSurvey::FirstPage> ConfigWizardLooker::first_page() {
  const Result<json> answer = impl_->session.read("getSetup", {}, /*with_login=*/false);
  if (!answer) return answer.error();
  const std::string state = text_field(answer.value(), impl_->profile.field("setup.state"));
  return FirstPage{text_field(answer.value(), impl_->profile.field("setup.configured")) == "true",
                   state.empty() ? state : impl_->profile.meaning("setup", state).value_or(state)};
}

Status ConfigWizardLooker::log_in() { return impl_->session.log_in(); }

Result<std::optional<ClockReading>> ConfigWizardLooker::clock() {
  const model::Operation& page = impl_->profile.operation("getSetup");
  return read_clock(impl_->transport, {page.method, impl_->base, page.target({}), {}, ""},
                    impl_->wall_time);
}

Result<std::string> ConfigWizardLooker::version() {
  const Result<json> answer = impl_->session.read("listInstallations", {{"active", "true"}});
  if (!answer) return answer.error();
  if (!answer.value().is_array() || answer.value().empty()) return std::string();
  return text_field(answer.value().front(), impl_->profile.field("installation.version"));
}

Result<ConfigWizardSurvey::Domains> ConfigWizardLooker::domains() {
  const Result<json> answer =
      impl_->session.read("getConfiguration", {{"configId", "1"}});  // [script: PI]
  if (!answer) return answer.error();
  return Domains{text_field(answer.value(), impl_->profile.field("config.studioDomain")),
                 text_field(answer.value(), impl_->profile.field("config.appsDomain"))};
}

}  // namespace wme::executor
