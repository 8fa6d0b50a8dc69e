#include "executor/drivers/host/jobs.hpp"

#include "executor/drivers/host/quoting.hpp"

namespace wme::executor::host {

namespace {

std::string file(std::string_view name, std::string_view ending) {
  return shell_quoted(std::string(kStateDirectory) + "/" + std::string(name) + "." +
                      std::string(ending));
}

std::string pid_file(std::string_view name) {
  return shell_quoted("/run/rehydrate-" + std::string(name) + ".pid");
}

}  // namespace

std::string job_state(std::string_view name, std::string_view variable) {
  const std::string v(variable);
  return "if test -f " + file(name, "exit") + "; then if test \"$(cat " + file(name, "exit") +
         ")\" = 0; then " + v + "=done; else " + v + "=failed; fi; elif test -d \"/proc/$(cat " +
         pid_file(name) + " 2> /dev/null || echo none)\"; then " + v + "=running; else " + v +
         "=none; fi\n";
}

std::string job_failure(std::string_view name, std::string_view token) {
  return job_state(name, "job") + "if test \"$job\" = failed && test \"$(cat " +
         file(name, "token") + ")\" = " + shell_quoted(token) + "; then echo \"exit status $(cat " +
         file(name, "exit") + "): $(" + job_log(name) + ")\"; fi\n";
}

std::string job_log(std::string_view name) {
  return "tail -n 1 " + file(name, "log") + " 2> /dev/null";
}

std::string start_job(std::string_view name, std::string_view token, const std::string& command,
                      Repeat repeat) {
  // The status is written aside and moved: whoever sees the file sees the whole of it.
  const std::string whole = "(\n" + command + "\n); echo $? > " + file(name, "part") + "; mv " +
                            file(name, "part") + " " + file(name, "exit");
  std::string text = "mkdir -p " + std::string(kStateDirectory) + "\n" + job_state(name, "job");
  text += "if test \"$job\" = running; then echo 'runs already'; exit 0; fi\n";
  // Another token is another run of the plan, which decided on what it observed.
  text += "if test \"$job\" = done && test \"$(cat " + file(name, "token") +
          ")\" = " + shell_quoted(token) + "; then echo 'done before'; exit 0; fi\n";
  if (repeat == Repeat::kNever)
    text +=
        "if test \"$job\" = failed; then echo 'it failed before and must not be repeated: see " +
        std::string(kStateDirectory) + "/" + std::string(name) + ".log' >&2; exit 1; fi\n";
  text += "rm -f " + file(name, "exit") + "\necho " + shell_quoted(token) + " > " +
          file(name, "token") + "\nnohup bash -c " + shell_quoted(whole) + " > " +
          file(name, "log") + " 2>&1 < /dev/null &\necho $! > " + pid_file(name) +
          "\necho started\n";
  return text;
}

}  // namespace wme::executor::host
