#include "Literals.h"

#include <cerrno>
#include <cstdlib>

namespace mt {

static std::vector<GlobalBase *> &Globals() {
  static std::vector<GlobalBase *> all;
  return all;
}
static bool loaded = false;

GlobalBase::GlobalBase() { Globals().push_back(this); }
bool GlobalBase::Loaded() { return loaded; }

void GlobalBase::LoadAll() {
  if (loaded) return;
  for (GlobalBase *global : Globals()) global->Make();
  loaded = true;
}

void GlobalBase::UnloadAll() {
  if (!loaded) return;
  for (auto global = Globals().rbegin(); global != Globals().rend(); ++global) (*global)->Destroy();
  loaded = false;
}

static std::vector<InputBase *> &Inputs() {
  static std::vector<InputBase *> all;
  return all;
}

InputBase::InputBase(const char *name, const char *type, const char *label, const char *group) : Name(name), Type(type), Label(label), Group(group) {
  Inputs().push_back(this);
}

const std::vector<InputBase *> &InputBase::All() { return Inputs(); }

InputBase *InputBase::Find(const std::string &name) {
  for (InputBase *input : Inputs())
    if (input->Name == name) return input;
  return nullptr;
}

bool ParseInput(const string &text, bool &value) {
  const std::string bytes = text.Utf8();
  if (bytes != "true" && bytes != "false") return false;
  value = bytes == "true";
  return true;
}

bool ParseInput(const string &text, string &value) {
  value = text;
  return true;
}

bool ParseInput(const string &text, double &value) {
  const std::string bytes = text.Utf8();
  char *end = nullptr;
  value = std::strtod(bytes.c_str(), &end);
  return !bytes.empty() && *end == '\0';
}

bool ParseInput(const string &text, datetime &value) {
  value = StringToTime(text);
  return value != datetime(0);
}

bool ParseInteger(const string &text, long &value) {
  const std::string bytes = text.Utf8();
  char *end = nullptr;
  errno = 0;
  value = std::strtol(bytes.c_str(), &end, 10);
  return !bytes.empty() && *end == '\0' && errno == 0;
}

bool ParseUnsigned(const string &text, ulong &value) {
  const std::string bytes = text.Utf8();
  char *end = nullptr;
  errno = 0;
  value = std::strtoul(bytes.c_str(), &end, 10);
  return !bytes.empty() && bytes[0] != '-' && *end == '\0' && errno == 0;
}

} // namespace mt
