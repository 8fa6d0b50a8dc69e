#pragma once

#include <string>
#include <string_view>

#include "scenarios/report/report.hpp"

/// How figures and words are written in reports and progress lines.
namespace wme::scenarios {

std::string human(Duration time);         ///< "1 h 04 min", "12 min 05 s", "3.2 s", "0 s"
std::string short_clock(Duration time);   ///< "1:04:12" since some start
std::string iso_duration(Duration time);  ///< "PT1H4M12.5S"
std::string utc(TimePoint time);          ///< "2026-11-22T02:00:00Z", milliseconds if there are any
std::string spoken(TimePoint time);       ///< "2026-11-22 02:00:00 UTC"
std::string clock_time(TimePoint time);   ///< "02:00:00"
std::string grouped(long long number);    ///< "50 000": thin spaces from 10 000 on
std::string sentence_case(
    std::string_view action);                 ///< "passivate-container": "Passivate container"
std::string name_of(const ReportStep& step);  ///< "Passivate container c17"

/// Valid UTF-8 without the characters that XML 1.0 forbids: U+FFFD stands for each of them.
std::string printable(std::string_view text);
/// `printable`, with & < > " ' as entities: for text and quoted attributes of HTML and XML.
std::string escaped(std::string_view text);
/// At most `characters_max` characters, an ellipsis for what is cut; never cuts through one.
std::string shortened(std::string_view text, std::size_t characters_max);
std::size_t character_count(std::string_view text);
std::string fixed(double number, int decimals);  ///< independent of the locale

}  // namespace wme::scenarios
