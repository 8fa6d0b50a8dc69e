#include <iostream>
#include <string>
#include <vector>

#include "cli/application.hpp"

int main(int count, char** words) {
  std::ios::sync_with_stdio(false);
  wme::cli::Console console(std::cout, std::cerr, wme::cli::surroundings_of_process());
  const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
  return static_cast<int>(wme::cli::run(arguments, console));
}
