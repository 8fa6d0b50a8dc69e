#include "executor/drivers/aws/xml.hpp"

#include <pugixml.hpp>

namespace wme::executor::aws {

namespace {

Element element_of(const pugi::xml_node& node) {
  const std::string_view full = node.name();
  const auto colon = full.find(':');
  Element element{std::string(colon == std::string_view::npos ? full : full.substr(colon + 1)),
                  node.text().get(),
                  {}};
  for (const pugi::xml_node& child : node.children())
    if (child.type() == pugi::node_element) element.children.push_back(element_of(child));
  return element;
}

}  // namespace

const Element* Element::child(std::string_view child_name) const {
  for (const Element& candidate : children)
    if (candidate.name == child_name) return &candidate;
  return nullptr;
}

std::string Element::value(std::string_view path) const {
  const Element* place = this;
  while (place != nullptr && !path.empty()) {
    const auto slash = path.find('/');
    place = place->child(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
  }
  return place == nullptr ? std::string() : place->text;
}

std::vector<const Element*> Element::items(std::string_view set) const {
  std::vector<const Element*> found;
  if (const Element* list = child(set))
    for (const Element& candidate : list->children)
      if (candidate.name == "item") found.push_back(&candidate);
  return found;
}

Result<Element> parse_xml(std::string_view text) {
  pugi::xml_document document;
  const auto parsed = document.load_buffer(text.data(), text.size());
  if (!parsed || !document.document_element())
    return Error{ErrorCode::kFailed, std::string("the answer is no XML: ") + parsed.description()};
  return element_of(document.document_element());
}

}  // namespace wme::executor::aws
