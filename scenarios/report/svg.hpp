#pragma once

#include <string>
#include <string_view>

/// The few shapes that the charts are drawn with. Colours come from the page's style, by class.
namespace wme::scenarios::svg {

struct Point {
  double x = 0;
  double y = 0;
};
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

std::string number(double value);  ///< one decimal at most, so that pages stay small
/// `text` is escaped here; `anchor`: "start", "middle", "end".
std::string text(Point at, std::string_view classes, std::string_view text,
                 std::string_view anchor = "start");
std::string rect(const Box& box, std::string_view classes, double radius = 0);
std::string line(Point from, Point to, std::string_view classes);
std::string path(std::string_view commands, std::string_view classes);
/// A group whose tooltip and accessible name is `title`, escaped here; `content` is markup.
std::string titled(std::string_view title, std::string_view content, std::string_view classes = "");
/// What a picture shows, for who cannot see it; first in its content. Escaped here.
std::string description(std::string_view text);
/// The whole picture; `label` says in words what it shows.
std::string picture(double width, double height, std::string_view label, std::string_view classes,
                    std::string_view content);

}  // namespace wme::scenarios::svg
