#include "ci/precompiled.hpp"

template class nlohmann::basic_json<>;
template class nlohmann::detail::serializer<nlohmann::json>;
template class nlohmann::detail::iter_impl<const nlohmann::json>;
template class nlohmann::detail::json_sax_dom_parser<nlohmann::json>;
template class nlohmann::detail::json_sax_dom_callback_parser<nlohmann::json>;
template class nlohmann::detail::parser<nlohmann::json, JsonText>;
template class nlohmann::detail::lexer<nlohmann::json, JsonText>;
template class std::vector<nlohmann::json>;
template class std::basic_regex<char>;
