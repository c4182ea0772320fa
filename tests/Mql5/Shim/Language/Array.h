// Arrays: checked, one-dimensional, dynamic (Arr) or static (FixArr, also Arr with an initialiser list). New elements of simple types hold 0xCD.
#pragma once
#include "Critical.h"
#include "String.h"
#include "Types.h"

#include <algorithm>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <utility>

#define WHOLE_ARRAY (-1)

template <typename T> class Arr {
public:
  Arr() = default;
  Arr(std::initializer_list<T> values) : m_dynamic(false) {
    Reserve(static_cast<int>(values.size()));
    for (const T &value : values) m_data[m_size++] = value;
  }
  Arr(const Arr &other) : m_dynamic(other.m_dynamic) { Take(other); }
  Arr &operator=(const Arr &other) {
    if (this == &other) return *this;
    if (!m_dynamic && other.m_size > m_size) mt::Critical("a static array is assigned more elements than it has");
    if (m_dynamic) Take(other);
    else for (int i = 0; i < other.m_size; i++) m_data[i] = other.m_data[i];
    return *this;
  }
  ~Arr() = default;

  template <std::integral I> T &operator[](I index) { return m_data[Checked(index)]; }
  template <std::integral I> const T &operator[](I index) const { return m_data[Checked(index)]; }

  int Size() const { return m_size; }
  bool IsDynamic() const { return m_dynamic; }
  T *Data() { return m_data.get(); }
  const T *Data() const { return m_data.get(); }

  /// New elements of simple types are not initialised; what is cut off is destroyed, the memory stays.
  void Resize(int size, int reserve = 0) {
    if (!m_dynamic) mt::Critical("a static array is resized");
    if (size > m_capacity) Reserve(size + std::max(reserve, 0));
    for (int i = size; i < m_size; i++) Reset(i);
    for (int i = m_size; i < size; i++) Reset(i);
    m_size = size;
  }
  void Free() {
    if (!m_dynamic) mt::Critical("a static array is freed");
    m_data.reset();
    m_size = m_capacity = 0;
  }
  void Swap(Arr &other) {
    if (!m_dynamic || !other.m_dynamic) mt::Critical("static arrays are swapped");
    std::swap(m_data, other.m_data);
    std::swap(m_size, other.m_size);
    std::swap(m_capacity, other.m_capacity);
  }

protected:
  struct FixedSize {};
  Arr(FixedSize, int size) : m_dynamic(false) {
    Reserve(size);
    m_size = size;
  }
  void Reset(int index) {
    if constexpr (std::is_trivially_copyable_v<T>) std::memset(static_cast<void *>(&m_data[index]), 0xCD, sizeof(T));
    else if constexpr (std::is_copy_assignable_v<T>) m_data[index] = T();
  }

private:
  template <std::integral I> std::size_t Checked(I index) const {
    if (static_cast<long>(index) < 0 || static_cast<ulong>(index) >= static_cast<ulong>(m_size)) mt::Critical("array out of range");
    return static_cast<std::size_t>(index);
  }
  void Reserve(int capacity) {
    std::unique_ptr<T[]> data(new T[static_cast<std::size_t>(capacity)]);
    if constexpr (std::is_trivially_copyable_v<T>) std::memset(static_cast<void *>(data.get()), 0xCD, sizeof(T) * static_cast<std::size_t>(capacity));
    for (int i = 0; i < m_size; i++) data[i] = std::move(m_data[i]);
    m_data = std::move(data);
    m_capacity = capacity;
  }
  void Take(const Arr &other) {
    m_size = 0;
    if (other.m_size > m_capacity || !m_data) Reserve(other.m_size);
    for (int i = 0; i < other.m_size; i++) m_data[i] = other.m_data[i];
    m_size = other.m_size;
  }

  std::unique_ptr<T[]> m_data;
  int m_size = 0;
  int m_capacity = 0;
  bool m_dynamic = true;
};

/// T name[N].
template <typename T, long N> class FixArr : public Arr<T> {
public:
  FixArr() : Arr<T>(typename Arr<T>::FixedSize(), N) {}
  FixArr(std::initializer_list<T> values) : FixArr() {
    if (static_cast<long>(values.size()) > N) mt::Critical("too many initial values");
    int at = 0;
    for (const T &value : values) (*this)[at++] = value;
    for (; at < N; at++) (*this)[at] = T();
  }
};

template <typename T> int ArraySize(const Arr<T> &array) { return array.Size(); }
template <typename T> int ArrayRange(const Arr<T> &array, int) { return array.Size(); }
template <typename T> bool ArrayIsDynamic(const Arr<T> &array) { return array.IsDynamic(); }
template <typename T> void ArrayFree(Arr<T> &array) { array.Free(); }

template <typename T> int ArrayResize(Arr<T> &array, int size, int reserve = 0) {
  if (size < 0) return -1;
  array.Resize(size, reserve);
  return size;
}

/// Counts what was copied; a dynamic destination grows, never shrinks. One array may be both.
template <typename T, typename U> int ArrayCopy(Arr<T> &to, const Arr<U> &from, int toStart = 0, int fromStart = 0, int count = WHOLE_ARRAY) {
  static_assert(std::is_trivially_copyable_v<T> || std::is_same_v<T, string>, "MQL5 does not copy arrays of objects");
  if (toStart < 0 || fromStart < 0 || fromStart > from.Size() || count < WHOLE_ARRAY) return 0;
  if (count == WHOLE_ARRAY || count > from.Size() - fromStart) count = from.Size() - fromStart;
  if (toStart + count > to.Size()) {
    if (to.IsDynamic()) to.Resize(toStart + count);
    else count = std::max(0, to.Size() - toStart);
  }
  if constexpr (std::is_same_v<T, U>) {
    if (&to == &from && toStart > fromStart) {
      for (int i = count - 1; i >= 0; i--) to[toStart + i] = from[fromStart + i];
      return count;
    }
  }
  for (int i = 0; i < count; i++) to[toStart + i] = static_cast<T>(from[fromStart + i]);
  return count;
}

template <typename T> bool ArrayRemove(Arr<T> &array, int start, int count = WHOLE_ARRAY) {
  if (start < 0 || start >= array.Size() || count < WHOLE_ARRAY) return false;
  if (count == WHOLE_ARRAY || count > array.Size() - start) count = array.Size() - start;
  for (int i = start; i + count < array.Size(); i++) array[i] = array[i + count];
  if (array.IsDynamic()) array.Resize(array.Size() - count);
  else for (int i = array.Size() - count; i < array.Size(); i++) array[i] = T();
  return true;
}

template <typename T> bool ArrayInsert(Arr<T> &to, const Arr<T> &from, int toStart, int fromStart = 0, int count = WHOLE_ARRAY) {
  if (&to == &from || toStart < 0 || toStart > to.Size() || fromStart < 0 || fromStart > from.Size() || count < WHOLE_ARRAY) return false;
  if (count == WHOLE_ARRAY || count > from.Size() - fromStart) count = from.Size() - fromStart;
  const int before = to.Size();
  if (to.IsDynamic()) to.Resize(before + count);
  for (int i = to.Size() - 1; i - count >= toStart; i--) to[i] = to[i - count];
  for (int i = 0; i < count && toStart + i < to.Size(); i++) to[toStart + i] = from[fromStart + i];
  return true;
}

template <typename T, typename V> int ArrayInitialize(Arr<T> &array, V value) {
  for (int i = 0; i < array.Size(); i++) array[i] = static_cast<T>(value);
  return array.Size();
}

template <typename T, typename V> void ArrayFill(Arr<T> &array, int start, int count, V value) {
  for (int i = start; i < start + count; i++) array[i] = static_cast<T>(value);
}

template <typename T> bool ArraySort(Arr<T> &array) {
  static_assert(std::is_arithmetic_v<T> || std::is_same_v<T, datetime>, "MQL5 sorts numbers only");
  std::sort(array.Data(), array.Data() + array.Size());
  return true;
}

template <typename T> bool ArrayReverse(Arr<T> &array, int start = 0, int count = WHOLE_ARRAY) {
  if (start < 0 || start > array.Size()) return false;
  if (count == WHOLE_ARRAY || count > array.Size() - start) count = array.Size() - start;
  std::reverse(array.Data() + start, array.Data() + start + count);
  return true;
}

template <typename T> bool ArraySwap(Arr<T> &a, Arr<T> &b) {
  a.Swap(b);
  return true;
}

/// Position of the value in a sorted array, or of the nearest one.
template <typename T> int ArrayBsearch(const Arr<T> &array, T value) {
  if (array.Size() == 0) return -1;
  const T *first = array.Data(), *last = first + array.Size(), *at = std::lower_bound(first, last, value);
  return static_cast<int>(at == last ? last - first - 1 : at - first);
}

template <typename T> int ArrayCompare(const Arr<T> &a, const Arr<T> &b, int aStart = 0, int bStart = 0, int count = WHOLE_ARRAY) {
  int aCount = a.Size() - aStart, bCount = b.Size() - bStart;
  if (aStart < 0 || bStart < 0 || aCount < 0 || bCount < 0) return -2;
  if (count != WHOLE_ARRAY) aCount = std::min(aCount, count), bCount = std::min(bCount, count);
  for (int i = 0; i < std::min(aCount, bCount); i++)
    if (!(a[aStart + i] == b[bStart + i])) return a[aStart + i] < b[bStart + i] ? -1 : 1;
  return aCount == bCount ? 0 : aCount < bCount ? -1 : 1;
}

/// Zeros a simple variable or structure; strings become NULL.
template <typename T> void ZeroMemory(T &value) {
  if constexpr (std::is_trivially_copyable_v<T>) std::memset(static_cast<void *>(&value), 0, sizeof(T));
  else value = T{};
}
template <typename T> void ZeroMemory(Arr<T> &array) {
  for (int i = 0; i < array.Size(); i++) ZeroMemory(array[i]);
}
