// What nearly every library includes, compiled once (CMakeLists.txt, wme_library). Nothing includes
// this file by name: each source says itself what it needs.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

// A third of what was compiled, over and over: now once, in precompiled.cpp.
using JsonText = nlohmann::detail::iterator_input_adapter<std::string::const_iterator>;
extern template class nlohmann::basic_json<>;
extern template class nlohmann::detail::serializer<nlohmann::json>;
extern template class nlohmann::detail::iter_impl<const nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
extern template class nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>;
extern template class nlohmann::detail::parser<nlohmann::json, JsonText>;
extern template class nlohmann::detail::lexer<nlohmann::json, JsonText>;
extern template class std::vector<nlohmann::json>;
extern template class std::basic_regex<char>;
