#include "executor/journal/postgres_schema.hpp"

#include <array>
#include <string>

namespace wme::executor {
namespace {

constexpr const char* kKeepBody =
    "BEGIN RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'RH001'; END";
constexpr const char* kKeepOrderBody =
    "BEGIN IF NEW.sequence <> (SELECT coalesce(max(sequence), 0) + 1 FROM rehydrate.entries "
    "WHERE journal = NEW.journal) THEN RAISE EXCEPTION "
    "'the journal is append-only: wrong sequence' USING ERRCODE = 'RH001'; END IF; RETURN NEW; END";

std::string journal_tables() {
  const auto function = [](const char* name, const char* body) {
    return std::string("CREATE FUNCTION rehydrate.") + name +
           "() RETURNS trigger LANGUAGE plpgsql AS $body$" + body + "$body$;";
  };
  std::string text =
      "CREATE TABLE rehydrate.journals (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
      " name text NOT NULL UNIQUE, schema text NOT NULL,"
      " created timestamptz NOT NULL DEFAULT clock_timestamp());"
      "CREATE TABLE rehydrate.entries (journal bigint NOT NULL REFERENCES rehydrate.journals,"
      " sequence bigint NOT NULL, at text NOT NULL, kind text NOT NULL, step text NOT NULL,"
      " action text NOT NULL, arguments text NOT NULL, token text NOT NULL, text text NOT NULL,"
      " observed text NOT NULL, details text NOT NULL, hash text NOT NULL,"
      " wall_clock text NOT NULL, wall_seal text NOT NULL, PRIMARY KEY (journal, sequence));"
      "CREATE TABLE rehydrate.requests (journal bigint NOT NULL REFERENCES rehydrate.journals,"
      " id bigint NOT NULL, at text NOT NULL, what text NOT NULL, step text NOT NULL,"
      " by text NOT NULL, reason text NOT NULL, PRIMARY KEY (journal, id));" +
      function("keep", kKeepBody) + function("keep_order", kKeepOrderBody) +
      "CREATE TRIGGER entries_keep_order BEFORE INSERT ON rehydrate.entries"
      " FOR EACH ROW EXECUTE FUNCTION rehydrate.keep_order();";
  for (const char* table : {"journals", "entries", "requests"})
    text += std::string("CREATE TRIGGER ") + table +
            "_keep_rows BEFORE UPDATE OR DELETE ON rehydrate." + table +
            " FOR EACH ROW EXECUTE FUNCTION rehydrate.keep();CREATE TRIGGER " + table +
            "_keep_table BEFORE TRUNCATE ON rehydrate." + table +
            " FOR EACH STATEMENT EXECUTE FUNCTION rehydrate.keep();";
  return text;
}

}  // namespace

Status prepare_journals(Database& database) {
  return make_once(database, "journals", journal_tables());
}

Status check_journal_triggers(Database& database) {
  // Before (2), for each row (1): insert (4), delete (8), update (16); truncate (32).
  // Source: PostgreSQL 15, pg_trigger.h
  const auto sound = database.execute(
      "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
      "WHERE t.tgrelid = 'rehydrate.entries'::regclass AND t.tgenabled IN ('O', 'A') AND "
      "t.tgqual IS NULL AND ((t.tgtype IN (27, 34) AND p.prosrc = $1) OR "
      "(t.tgtype = 7 AND p.prosrc = $2))",
      {kKeepBody, kKeepOrderBody});
  if (!sound) return sound.error();
  if (sound.value() == Table{{"3"}}) return Done{};
  return Error{ErrorCode::kFailed,
               "database " + database.url().connection +
                   ": the triggers of rehydrate.entries were changed: whether its journals were "
                   "only ever appended to cannot be told any more; keep them as evidence, and "
                   "start new ones in another database"};
}

}  // namespace wme::executor
