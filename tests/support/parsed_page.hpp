#pragma once

#include <pugixml.hpp>
#include <string>

namespace wme::testing_support {

/// A page of ours as XML: unescaped text, an unclosed or misnested element would not parse. Its
/// script is left out.
pugi::xml_document parsed_page(const std::string& html);

}  // namespace wme::testing_support
