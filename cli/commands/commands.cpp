#include "cli/commands/commands.hpp"

namespace wme::cli {

void add_commands(CLI::App& root, Session& session) {
  for (auto* add :
       {add_discover,    add_inventory, add_doctor,   add_lint,     add_plan,   add_show,
        add_explain,     add_verify,    add_prove,    add_mutate,   add_replay, add_keygen,
        add_certificate, add_approve,   add_rehearse, add_campaign, add_merge,  add_calibrate,
        add_simulate,    add_run,       add_resume,   add_status,   add_abort,  add_undo,
        add_people,      add_lock})
    add(root, session);
}

}  // namespace wme::cli
