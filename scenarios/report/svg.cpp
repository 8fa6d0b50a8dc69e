#include "scenarios/report/svg.hpp"

#include "scenarios/report/text.hpp"

namespace wme::scenarios::svg {
namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + std::string(value) + "\"";
}

std::string attribute(std::string_view name, double value) {
  return attribute(name, number(value));
}

}  // namespace

std::string number(double value) {
  std::string digits = fixed(value, 1);
  if (digits.size() > 2 && digits.compare(digits.size() - 2, 2, ".0") == 0)
    digits.resize(digits.size() - 2);
  return digits == "-0" ? "0" : digits;
}

std::string text(Point at, std::string_view classes, std::string_view text,
                 std::string_view anchor) {
  return "<text" + attribute("class", classes) + attribute("x", at.x) + attribute("y", at.y) +
         (anchor == "start" ? "" : attribute("text-anchor", anchor)) + ">" + escaped(text) +
         "</text>";
}

std::string rect(const Box& box, std::string_view classes, double radius) {
  return "<rect" + attribute("class", classes) + attribute("x", box.x) + attribute("y", box.y) +
         attribute("width", box.width) + attribute("height", box.height) +
         (radius > 0 ? attribute("rx", radius) : "") + "/>";
}

std::string line(Point from, Point to, std::string_view classes) {
  return "<line" + attribute("class", classes) + attribute("x1", from.x) + attribute("y1", from.y) +
         attribute("x2", to.x) + attribute("y2", to.y) + "/>";
}

std::string path(std::string_view commands, std::string_view classes) {
  return "<path" + attribute("class", classes) + attribute("d", commands) + "/>";
}

std::string titled(std::string_view title, std::string_view content, std::string_view classes) {
  return "<g" + (classes.empty() ? std::string() : attribute("class", classes)) + "><title>" +
         escaped(title) + "</title>" + std::string(content) + "</g>";
}

std::string description(std::string_view text) { return "<desc>" + escaped(text) + "</desc>"; }

std::string picture(double width, double height, std::string_view label, std::string_view classes,
                    std::string_view content) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" + attribute("class", classes) +
         attribute("aria-label", escaped(label)) + attribute("width", width) +
         attribute("height", height) +
         attribute("viewBox", "0 0 " + number(width) + " " + number(height)) + ">" +
         std::string(content) + "</svg>\n";
}

}  // namespace wme::scenarios::svg
