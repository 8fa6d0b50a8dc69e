#include <pugixml.hpp>
#include <sstream>

#include "scenarios/campaign/campaign.hpp"
#include "scenarios/report/text.hpp"

namespace wme::scenarios {

std::string campaign_junit(const CampaignResult& result) {
  pugi::xml_document document;
  pugi::xml_node suites = document.append_child("testsuites");
  pugi::xml_node suite = suites.append_child("testsuite");
  const std::string name = "campaign " + result.facts.scenario + " " + result.facts.installation;
  suite.append_attribute("name") = printable(name).c_str();
  int failures = 0;
  for (const auto& [property, says] : campaign_properties()) {
    pugi::xml_node test = suite.append_child("testcase");
    test.append_attribute("classname") = ("rehydrate.campaign." + result.facts.scenario).c_str();
    test.append_attribute("name") = printable(property + ": " + says).c_str();
    const auto broken = result.breaches.find(property);
    if (broken == result.breaches.end()) continue;
    ++failures;
    std::string text;
    for (const CampaignFailure& each : result.failures)
      for (const Breach& breach : each.breaches)
        if (breach.property == property)
          text += "run " + std::to_string(each.run) + ": " + breach.text + "\n  " +
                  text_of(each.schedule) + "\n  " + replay_of(result.facts, each.run) + "\n";
    pugi::xml_node failure = test.append_child("failure");
    failure.append_attribute("type") = property.c_str();
    const std::string message =
        std::to_string(broken->second) + " of " + std::to_string(result.held) + " runs (simulated)";
    failure.append_attribute("message") = message.c_str();
    failure.text() = printable(shortened(text, 4000)).c_str();
  }
  pugi::xml_node whole = suite.append_child("testcase");
  whole.append_attribute("classname") = ("rehydrate.campaign." + result.facts.scenario).c_str();
  whole.append_attribute("name") = "every run was held";
  if (!result.is_complete()) {
    ++failures;
    whole.append_child("failure").append_attribute("message") =
        ("interrupted after " + std::to_string(result.held) + " of " +
         std::to_string(result.planned()) + " runs")
            .c_str();
  }
  const auto tests = static_cast<int>(campaign_properties().size()) + 1;
  for (pugi::xml_node node : {suites, suite}) {
    node.append_attribute("tests") = tests;
    node.append_attribute("failures") = failures;
    node.append_attribute("errors") = 0;
  }
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace wme::scenarios
