#include "tests/support/process.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace wme::testing_support {

namespace {

namespace fs = std::filesystem;

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), 0) != 0) throw std::runtime_error("pipe failed");
  }
  ~Pipe() {
    for (const int end : ends)
      if (end >= 0) close(end);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close_end(std::size_t which) {
    close(ends[which]);
    ends[which] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

[[noreturn]] void become(const Start& start, Pipe& in, Pipe& out, Pipe& err) {
  dup2(in.ends[0], STDIN_FILENO);
  dup2(out.ends[1], STDOUT_FILENO);
  dup2(err.ends[1], STDERR_FILENO);
  for (Pipe* each : {&in, &out, &err})
    for (const int end : each->ends) close(end);
  if (!start.folder.empty() && chdir(start.folder.c_str()) != 0) _exit(126);
  for (const auto& [name, value] : start.environment) setenv(name.c_str(), value.c_str(), 1);
  std::vector<char*> words;
  for (const std::string& word : start.words) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execvp(words.front(), words.data());
  _exit(127);
}

/// Both outputs at once: a program that fills one pipe must not wait for the reader of the other.
void read_both(Pipe& out, Pipe& err, Ended& into) {
  std::array<pollfd, 2> open = {pollfd{out.ends[0], POLLIN, 0}, pollfd{err.ends[0], POLLIN, 0}};
  const std::array<std::string*, 2> texts = {&into.out, &into.err};
  while (open[0].fd >= 0 || open[1].fd >= 0) {
    if (poll(open.data(), open.size(), -1) < 0 && errno != EINTR)
      throw std::runtime_error("poll failed");
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (open[i].fd < 0 || open[i].revents == 0) continue;
      std::array<char, 1 << 16> part{};
      const ssize_t count = read(open[i].fd, part.data(), part.size());
      if (count > 0)
        texts[i]->append(part.data(), static_cast<std::size_t>(count));
      else
        open[i].fd = -1;
    }
  }
}

}  // namespace

Ended ended(const Start& start) {
  Pipe in;
  Pipe out;
  Pipe err;
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) become(start, in, out, err);
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  if (write(in.ends[1], start.input.data(), start.input.size()) !=
      static_cast<ssize_t>(start.input.size()))
    throw std::runtime_error("the program does not take its input");
  in.close_end(1);
  Ended done;
  read_both(out, err, done);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  done.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return done;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "rehydrate-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a left-over folder in /tmp fails no test
  fs::remove_all(path_, ignored);
}

std::string TemporaryFolder::file(const std::string& name, const std::string& text) const {
  const fs::path whole = path_ / name;
  std::ofstream(whole, std::ios::binary) << text;
  return whole.string();
}

std::vector<std::string> TemporaryFolder::names() const {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator(path_))
    found.push_back(entry.path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

Ended schema_check(const std::string& schema, const std::string& command,
                   const std::vector<std::string>& files) {
  const std::string root = WME_SOURCE_DIR;
  // Debian's modules belong to Debian's Python, whatever else is first in the PATH.
  Start start{{"/usr/bin/python3", root + "/tests/scenarios/inventory/schema_check.py",
               root + "/docs/schemas/" + schema, command}};
  start.words.insert(start.words.end(), files.begin(), files.end());
  return ended(start);
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace wme::testing_support
