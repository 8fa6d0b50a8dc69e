#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace wme::cli {

/// Help with the examples first: whoever asks for it wants to type something.
class HelpFormatter : public CLI::Formatter {
 public:
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace wme::cli
