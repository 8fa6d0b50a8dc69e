#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace wme::executor::aws {

/// An XML element by its local name: test servers write the namespace differently.
struct Element {
  std::string name;
  std::string text;
  std::vector<Element> children;

  const Element* child(std::string_view child_name) const;
  /// Text below a path, "instanceState/name"; empty when it is not there, as EC2 means it.
  std::string value(std::string_view path) const;
  /// The <item>s of a set, none when it is not there.
  std::vector<const Element*> items(std::string_view set) const;
};

/// The root element. Errors: kFailed when it is no XML.
Result<Element> parse_xml(std::string_view text);

}  // namespace wme::executor::aws
