// Output, time, chance, cryptography, facts and variables of the terminal.
#include "Machine.h"

#include <openssl/evp.h>

using mt::Machine;

thread_local int _LastError = 0;
thread_local int _UninitReason = 0;

void SetUserError(ushort error) { _LastError = ERR_USER_ERROR_FIRST + error; }
string Symbol() { return string::FromUtf8(Machine::Current().symbol); }
ENUM_TIMEFRAMES Period() { return PERIOD_H1; }

// --- output

void mt::Print(const string &line) {
  Output &output = Machine::Current().output;
  output.printed.push_back(line.Utf8());
  if (output.onPrint) output.onPrint(output.printed.back());
}

void mt::Alert(const string &text) {
  if (Machine::Current().tester) return;
  Output &output = Machine::Current().output;
  output.alerts.push_back(text.Utf8());
  if (output.onAlert) output.onAlert(output.alerts.back());
}

void mt::Comment(const string &text) {
  if (StringLen(text) > 2045) Machine::Current().output.faults.push_back("Comment: more than 2045 characters");
  Machine::Current().chart.comment = text;
}

bool PlaySound(string) { return true; }
bool SendNotification(string text) { return StringLen(text) <= 255; }

// --- time and chance

datetime TimeGMT() { return Machine::Current().clock.UtcMicroseconds() / 1'000'000; }
datetime TimeLocal() { return static_cast<long>(TimeGMT()) + Machine::Current().localOffsetSeconds; }
datetime TimeGMT(MqlDateTime &out) {
  TimeToStruct(TimeGMT(), out);
  return TimeGMT();
}
datetime TimeLocal(MqlDateTime &out) {
  TimeToStruct(TimeLocal(), out);
  return TimeLocal();
}
int TimeGMTOffset() { return static_cast<int>(-Machine::Current().localOffsetSeconds); }

ulong GetTickCount64() {
  const ulong milliseconds = static_cast<ulong>(Machine::Current().clock.Milliseconds());
  return milliseconds - milliseconds % 16; // its step is 10 to 16 ms
}
uint GetTickCount() { return static_cast<uint>(GetTickCount64()); }
ulong GetMicrosecondCount() { return static_cast<ulong>(Machine::Current().clock.Microseconds()); }
int MathRand() { return static_cast<int>(Machine::Current().random() & 32767); }
void MathSrand(int) {}

// --- cryptography

int CryptEncode(ENUM_CRYPT_METHOD method, const Arr<uchar> &data, const Arr<uchar> &, Arr<uchar> &result) {
  if (data.Size() == 0) mt::Unsupported("CryptEncode of nothing: what MT5 answers is not known");
  uchar out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const EVP_MD *digest = method == CRYPT_HASH_SHA256 ? EVP_sha256() : method == CRYPT_HASH_SHA1 ? EVP_sha1() : method == CRYPT_HASH_MD5 ? EVP_md5() : nullptr;
  if (digest == nullptr) mt::Unsupported("CryptEncode with this method");
  if (EVP_Digest(data.Data(), static_cast<std::size_t>(data.Size()), out, &size, digest, nullptr) != 1) return 0;
  if (result.IsDynamic()) result.Resize(static_cast<int>(size));
  if (static_cast<int>(size) > result.Size()) {
    _LastError = ERR_INVALID_ARRAY;
    return 0;
  }
  for (unsigned i = 0; i < size; i++) result[i] = out[i];
  return static_cast<int>(size);
}

int CryptDecode(ENUM_CRYPT_METHOD, const Arr<uchar> &, const Arr<uchar> &, Arr<uchar> &) { mt::Unsupported("CryptDecode"); }

// --- facts

int TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property) {
  const Machine &machine = Machine::Current();
  switch (property) {
  case TERMINAL_BUILD: return machine.build;
  case TERMINAL_CONNECTED: return machine.connected() ? 1 : 0;
  case TERMINAL_TRADE_ALLOWED: return machine.tradeAllowed ? 1 : 0;
  case TERMINAL_DLLS_ALLOWED: return 0;
  case TERMINAL_SCREEN_DPI: return machine.dpi;
  case TERMINAL_DISK_SPACE: return machine.files.full ? 0 : 100'000;
  case TERMINAL_PING_LAST: return 30'000;
  case TERMINAL_X64: return 1;
  case TERMINAL_VPS: return 0;
  default: mt::Unsupported("TerminalInfoInteger of this property");
  }
}

string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property) {
  const Machine &machine = Machine::Current();
  switch (property) {
  case TERMINAL_NAME: return string("MetaTrader 5");
  case TERMINAL_COMPANY: return string("MetaQuotes Ltd.");
  case TERMINAL_PATH: return string("C:\\Program Files\\MetaTrader 5");
  case TERMINAL_DATA_PATH: return string("C:\\Users\\user\\AppData\\Roaming\\MetaQuotes\\Terminal\\D0E8209F77C8CF37AD8BF550E51FF075");
  case TERMINAL_COMMONDATA_PATH: return string("C:\\Users\\user\\AppData\\Roaming\\MetaQuotes\\Terminal\\Common");
  case TERMINAL_LANGUAGE: return string::FromUtf8(machine.language);
  default: mt::Unsupported("TerminalInfoString of this property");
  }
}

int MQLInfoInteger(ENUM_MQL_INFO_INTEGER property) {
  const Machine &machine = Machine::Current();
  switch (property) {
  case MQL_TESTER: return machine.tester ? 1 : 0;
  case MQL_TRADE_ALLOWED: return machine.tradeAllowed ? 1 : 0;
  case MQL_PROGRAM_TYPE: return PROGRAM_EXPERT;
  case MQL_DLLS_ALLOWED: case MQL_OPTIMIZATION: case MQL_VISUAL_MODE: case MQL_FORWARD: case MQL_DEBUG: return 0;
  case MQL_MEMORY_USED: return 1;
  default: mt::Unsupported("MQLInfoInteger of this property");
  }
}

string MQLInfoString(ENUM_MQL_INFO_STRING property) {
  const string name = string::FromUtf8(Machine::Current().programName);
  return property == MQL_PROGRAM_NAME ? name : string("MQL5\\Experts\\CSMultiConnector\\") + name + string(".ex5");
}

// --- variables

datetime GlobalVariableSet(string name, double value) {
  if (StringLen(name) == 0 || StringLen(name) > 63) {
    _LastError = ERR_INVALID_PARAMETER;
    return 0;
  }
  Machine::Current().variables[name.Utf8()] = {value, TimeLocal()};
  return TimeLocal();
}

bool GlobalVariableGet(string name, double &value) {
  const auto &variables = Machine::Current().variables;
  const auto at = variables.find(name.Utf8());
  if (at != variables.end()) {
    value = at->second.first;
    return true;
  }
  _LastError = ERR_GLOBALVARIABLE_NOT_FOUND;
  return false;
}

double GlobalVariableGet(string name) {
  double value = 0;
  GlobalVariableGet(name, value);
  return value;
}

bool GlobalVariableCheck(string name) { return Machine::Current().variables.contains(name.Utf8()); }
bool GlobalVariableDel(string name) { return Machine::Current().variables.erase(name.Utf8()) > 0; }

bool GlobalVariableTemp(string name) {
  if (GlobalVariableCheck(name)) {
    _LastError = ERR_GLOBALVARIABLE_EXISTS;
    return false;
  }
  return GlobalVariableSet(name, 0) != datetime(0);
}

bool GlobalVariableSetOnCondition(string name, double value, double check) {
  double now = 0;
  if (!GlobalVariableGet(name, now) || now != check) return false;
  GlobalVariableSet(name, value);
  return true;
}

datetime GlobalVariableTime(string name) {
  const auto &variables = Machine::Current().variables;
  const auto at = variables.find(name.Utf8());
  return at == variables.end() ? 0 : at->second.second;
}

void GlobalVariablesFlush() {}
