#include "executor/drivers/azure/json_fields.hpp"

#include <nlohmann/json.hpp>

namespace wme::executor::azure {

using nlohmann::json;

namespace {

const json* find(const json& document, std::string_view path) {
  const json* at = &document;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const std::string name(path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (!at->is_object()) return nullptr;
    const auto place = at->find(name);
    if (place == at->end()) return nullptr;
    at = &*place;
  }
  return at;
}

}  // namespace

std::string text_at(const json& document, std::string_view path) {
  const json* found = find(document, path);
  if (found == nullptr || found->is_null() || found->is_structured()) return "";
  return found->is_string() ? found->get<std::string>() : found->dump();
}

long number_at(const json& document, std::string_view path) {
  const json* found = find(document, path);
  return found != nullptr && found->is_number() ? found->get<long>() : 0;
}

std::vector<json> items_at(const json& document, std::string_view path) {
  const json* found = find(document, path);
  if (found == nullptr || !found->is_array()) return {};
  return {found->begin(), found->end()};
}

std::string tag_of(const json& resource, std::string_view name) {
  const json* tags = find(resource, "tags");
  if (tags == nullptr || !tags->is_object()) return "";
  const auto place = tags->find(std::string(name));
  return place != tags->end() && place->is_string() ? place->get<std::string>() : "";
}

}  // namespace wme::executor::azure
