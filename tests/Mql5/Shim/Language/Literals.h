// What the transform writes: global variables that a reload makes anew, inputs, literals.
#pragma once
#include "Format.h"

#include <functional>
#include <new>

namespace mt {

/// A global variable of the EA: made when the program is loaded, in the order of the sources; destroyed when it is unloaded.
class GlobalBase {
public:
  GlobalBase(const GlobalBase &) = delete;
  GlobalBase &operator=(const GlobalBase &) = delete;
  static void LoadAll();
  static void UnloadAll();
  static bool Loaded();

protected:
  GlobalBase();
  virtual ~GlobalBase() = default;
  virtual void Make() = 0;
  virtual void Destroy() = 0;
};

template <typename T> class Global final : public GlobalBase {
public:
  explicit Global(void (*make)(void *)) : m_make(make) {}
  T &Ref() { return *std::launder(reinterpret_cast<T *>(m_storage)); }

private:
  void Make() override {
    std::memset(m_storage, 0xCD, sizeof m_storage); // members that no constructor sets are not relied on
    m_make(m_storage);
  }
  void Destroy() override { Ref().~T(); }

  void (*m_make)(void *);
  alignas(T) unsigned char m_storage[sizeof(T)];
};

/// An input: read-only for the EA, set by name before OnInit.
class InputBase {
public:
  InputBase(const char *name, const char *type, const char *label, const char *group);
  InputBase(const InputBase &) = delete;
  InputBase &operator=(const InputBase &) = delete;
  virtual ~InputBase() = default;
  virtual void Reset() = 0;
  /// False: this text is no value of the type.
  virtual bool Set(const string &text) = 0;
  virtual string Text() const = 0;

  const std::string Name, Type, Label, Group;

  static const std::vector<InputBase *> &All();
  static InputBase *Find(const std::string &name);
};

bool ParseInput(const string &text, bool &value);
bool ParseInput(const string &text, string &value);
bool ParseInput(const string &text, double &value);
bool ParseInput(const string &text, datetime &value);
bool ParseInteger(const string &text, long &value);
bool ParseUnsigned(const string &text, ulong &value);
template <typename T> bool ParseInput(const string &text, T &value) {
  if constexpr (std::is_enum_v<T> || std::is_signed_v<T>) {
    long number = 0;
    if (!ParseInteger(text, number) || static_cast<long>(static_cast<T>(number)) != number) return false;
    value = static_cast<T>(number);
  } else {
    ulong number = 0;
    if (!ParseUnsigned(text, number) || static_cast<ulong>(static_cast<T>(number)) != number) return false;
    value = static_cast<T>(number);
  }
  return true;
}

template <typename T> class Input final : public InputBase {
public:
  Input(const char *name, const char *type, const char *label, const char *group, T initial)
      : InputBase(name, type, label, group), m_initial(initial), m_value(initial) {}
  const T &Ref() const { return m_value; }
  void Reset() override { m_value = m_initial; }
  bool Set(const string &text) override { return ParseInput(text, m_value); }
  string Text() const override { return Value(m_value).Text(); }

private:
  T m_initial, m_value;
};

} // namespace mt
