#include "tests/executor/drivers/aws/scripted_ec2.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>

#include "tests/support/aws/ec2_model.hpp"

namespace wme::executor::aws {

namespace {

std::string decoded(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    out += static_cast<char>(std::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
    i += 2;
  }
  return out;
}

Form form_of(const std::string& body) {
  Form form;
  std::istringstream pairs(body);
  std::string pair;
  while (std::getline(pairs, pair, '&')) {
    const auto equals = pair.find('=');
    form[decoded(pair.substr(0, equals))] = decoded(pair.substr(equals + 1));
  }
  return form;
}

}  // namespace

Result<HttpAnswer> ScriptedEc2::send(const HttpCall& call) {
  const Form form = form_of(call.body);
  const auto place = form.find("Action");
  const std::string operation = place == form.end() ? call.target : place->second;
  static const testing_support::Ec2Model service;
  if (place != form.end()) {
    EXPECT_THAT(service.faults_of_request(call.body), ::testing::IsEmpty()) << call.body;
  }
  requests_.push_back(call);
  calls_.emplace_back(operation, form);
  auto& script = answers_[operation];
  if (script.empty()) return HttpAnswer{200, {}, "<" + operation + "Response/>"};
  if (script.size() == 1) return script.front();  // the last answer is repeated
  const Result<HttpAnswer> next = script.front();
  script.erase(script.begin());
  return next;
}

void ScriptedEc2::answer(const std::string& operation, const std::string& inner_xml, int status) {
  const std::string root = operation + "Response";
  answers_[operation].push_back(
      HttpAnswer{status,
                 {},
                 "<" + root +
                     " xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>r"
                     "</requestId>" +
                     inner_xml + "</" + root + ">"});
}

void ScriptedEc2::fail(const std::string& operation, int status, const std::string& code,
                       const std::string& message) {
  answers_[operation].push_back(
      HttpAnswer{status,
                 {},
                 "<Response><Errors><Error><Code>" + code + "</Code><Message>" + message +
                     "</Message></Error></Errors><RequestID>r</RequestID></Response>"});
}

void ScriptedEc2::lose_answer(const std::string& operation) {
  answers_[operation].push_back(Error{ErrorCode::kUnknownOutcome, "the answer got lost"});
}

std::vector<Form> ScriptedEc2::calls(const std::string& operation) const {
  std::vector<Form> found;
  for (const auto& [name, form] : calls_)
    if (name == operation) found.push_back(form);
  return found;
}

}  // namespace wme::executor::aws
