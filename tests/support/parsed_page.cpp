#include "tests/support/parsed_page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string_view>

namespace wme::testing_support {

pugi::xml_document parsed_page(const std::string& html) {
  std::string xml = html;
  const auto replace = [&](const std::string& what, const std::string& by) {
    for (auto at = xml.find(what); at != std::string::npos; at = xml.find(what, at + by.size()))
      xml.replace(at, what.size(), by);
  };
  replace("<!DOCTYPE html>", "");
  replace("<meta charset=\"utf-8\">", "");
  replace("<details open>", "<details open=\"\">");
  replace("aria-label=\"Filter rows\">", "aria-label=\"Filter rows\"/>");
  for (std::string_view element : {"<meta ", "<input type=\"checkbox\""})
    for (auto at = xml.find(element); at != std::string::npos; at = xml.find(element, at + 1))
      if (const auto end = xml.find('>', at); xml[end - 1] != '/') xml.insert(end, "/");
  if (const auto script = xml.find("<script>\n"); script != std::string::npos)
    xml.erase(script, xml.find("</script>\n</body>") - script + 9);
  pugi::xml_document page;
  const auto result = page.load_string(xml.c_str());
  EXPECT_TRUE(result) << result.description() << " near "
                      << xml.substr(static_cast<std::size_t>(std::max<long>(0, result.offset - 80)),
                                    160);
  return page;
}

}  // namespace wme::testing_support
