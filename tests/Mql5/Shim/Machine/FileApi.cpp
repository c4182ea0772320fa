// File functions of MQL5 in a folder that they cannot leave.
#include "Machine.h"

#include <algorithm>
#include <filesystem>

namespace fs = std::filesystem;
using mt::Files;
using mt::Machine;

namespace {

constexpr std::size_t MostFiles = 64;

Files &All() { return Machine::Current().files; }

Files::Open *Find(int handle) {
  Files::Open *open = All().Find(handle);
  if (open == nullptr) _LastError = ERR_INVALID_FILEHANDLE;
  return open;
}

template <typename T> T Fail(int error, T result) {
  _LastError = error;
  return result;
}

/// The path of a name that a function is given; false with the error set.
bool Path(const string &name, int common, std::string &path) {
  if (All().Resolve(name.Utf8(), (common & FILE_COMMON) != 0, path)) return true;
  _LastError = ERR_WRONG_FILENAME;
  return false;
}

uint Put(Files::Open &open, const std::string &bytes) {
  if ((open.flags & FILE_WRITE) == 0) return Fail(ERR_FILE_NOTTOWRITE, 0U);
  if (All().full) return Fail(ERR_FILE_WRITEERROR, 0U);
  std::fseek(open.file, 0, SEEK_CUR); // between a read and a write
  const std::size_t written = std::fwrite(bytes.data(), 1, bytes.size(), open.file);
  return written < bytes.size() ? Fail(ERR_FILE_WRITEERROR, static_cast<uint>(written)) : static_cast<uint>(written);
}

std::string Encoded(const Files::Open &open, const string &text) {
  if (open.flags & FILE_ANSI) {
    Arr<uchar> bytes;
    const int count = StringToCharArray(text, bytes, 0, WHOLE_ARRAY, open.codepage) - 1;
    return std::string(reinterpret_cast<const char *>(bytes.Data()), static_cast<std::size_t>(std::max(count, 0)));
  }
  std::string bytes;
  for (char16_t c : text.Text()) bytes += static_cast<char>(c & 255), bytes += static_cast<char>(c >> 8);
  return bytes;
}

bool MoveOrCopy(const string &from, int common, const string &to, int mode, bool move) {
  std::string source, target;
  if (!Path(from, common, source) || !Path(to, mode, target)) return false;
  if (!fs::is_regular_file(source)) return Fail(ERR_FILE_NOT_EXIST, false);
  if (All().IsOpen(source) || All().IsOpen(target) || All().IsLocked(from.Utf8()) || All().IsLocked(to.Utf8())) return Fail(ERR_CANNOT_OPEN_FILE, false);
  if (fs::exists(target) && (mode & FILE_REWRITE) == 0) return Fail(ERR_FILE_CANNOT_REWRITE, false);
  std::error_code error;
  fs::create_directories(fs::path(target).parent_path(), error);
  if (move) fs::rename(source, target, error);
  else fs::copy_file(source, target, fs::copy_options::overwrite_existing, error);
  return error ? Fail(ERR_FILE_CANNOT_REWRITE, false) : true;
}

} // namespace

namespace mt {

Files::~Files() { CloseAll(); }

void Files::CloseAll() {
  for (auto &[handle, open] : m_open) std::fclose(open.file);
  m_open.clear();
}

Files::Open *Files::Find(int handle) {
  const auto at = m_open.find(handle);
  return at == m_open.end() ? nullptr : &at->second;
}

bool Files::IsOpen(const std::string &path) const {
  return std::any_of(m_open.begin(), m_open.end(), [&](const auto &each) { return each.second.path == path; });
}

bool Files::IsLocked(const std::string &name) const {
  std::string plain = name;
  std::replace(plain.begin(), plain.end(), '\\', '/');
  return locked.contains(plain);
}

bool Files::Resolve(const std::string &name, bool common, std::string &path) const {
  std::string plain = name;
  std::replace(plain.begin(), plain.end(), '\\', '/');
  if (plain.empty() || plain[0] == '/' || plain.find_first_of(":*?\"<>|") != std::string::npos) return false;
  if (std::any_of(plain.begin(), plain.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; })) return false;
  for (const auto &part : fs::path(plain))
    if (part == "..") return false;
  const std::string &top = common ? commonFolder : folder;
  if (top.empty()) return false;
  path = top + "/" + plain;
  return true;
}

int Files::OpenFile(const std::string &name, int flags, uint codepage) {
  std::string path;
  if (!Resolve(name, (flags & FILE_COMMON) != 0, path)) return Fail(ERR_WRONG_FILENAME, INVALID_HANDLE);
  if (m_open.size() >= MostFiles) return Fail(ERR_TOO_MANY_FILES, INVALID_HANDLE);
  if ((flags & (FILE_READ | FILE_WRITE)) == 0 || (flags & (FILE_BIN | FILE_TXT | FILE_CSV)) == 0) Unsupported("FileOpen without READ/WRITE or without BIN/TXT/CSV");
  if (IsLocked(name)) return Fail(ERR_CANNOT_OPEN_FILE, INVALID_HANDLE);
  for (const auto &[handle, other] : m_open) {
    if (other.path != path) continue;
    const bool reads = (flags & FILE_READ) == 0 || (other.flags & FILE_SHARE_READ) != 0, writes = (flags & FILE_WRITE) == 0 || (other.flags & FILE_SHARE_WRITE) != 0;
    const bool letRead = (other.flags & FILE_READ) == 0 || (flags & FILE_SHARE_READ) != 0, letWrite = (other.flags & FILE_WRITE) == 0 || (flags & FILE_SHARE_WRITE) != 0;
    if (!reads || !writes || !letRead || !letWrite) return Fail(ERR_CANNOT_OPEN_FILE, INVALID_HANDLE);
  }
  const bool exists = fs::is_regular_file(path), write = (flags & FILE_WRITE) != 0, read = (flags & FILE_READ) != 0;
  if (!write && !exists) return Fail(ERR_FILE_NOT_EXIST, INVALID_HANDLE);
  std::error_code ignored;
  if (write) fs::create_directories(fs::path(path).parent_path(), ignored);
  // WRITE alone cuts the file; READ|WRITE keeps it.
  std::FILE *file = std::fopen(path.c_str(), !write ? "rb" : read && exists ? "r+b" : "w+b");
  if (file == nullptr) return Fail(ERR_CANNOT_OPEN_FILE, INVALID_HANDLE);
  int handle = 1;
  while (m_open.contains(handle)) handle++;
  m_open[handle] = {file, path, flags, codepage};
  if ((flags & (FILE_TXT | FILE_CSV)) && !(flags & FILE_ANSI)) {
    m_open[handle].flags |= FILE_UNICODE;
    if (write && !(read && exists)) std::fwrite("\xFF\xFE", 1, 2, file);
  }
  return handle;
}

void Files::Close(int handle) {
  if (Open *open = Find(handle)) {
    std::fclose(open->file);
    m_open.erase(handle);
  }
}

uint FileWriteValues(int handle, const std::vector<Value> &values) {
  Files::Open *open = ::Find(handle);
  if (open == nullptr) return 0;
  if (open->flags & FILE_BIN) return Fail(ERR_FILE_NOTTXT, 0U);
  string line("");
  for (std::size_t i = 0; i < values.size(); i++) {
    if (i > 0 && (open->flags & FILE_CSV)) line += string("\t");
    line += values[i].Text();
  }
  return Put(*open, Encoded(*open, line + string("\r\n")));
}

} // namespace mt

int FileOpen(string name, int flags, short, uint codepage) { return All().OpenFile(name.Utf8(), flags, codepage); }

void FileClose(int handle) {
  if (Find(handle) != nullptr) All().Close(handle);
}

void FileFlush(int handle) {
  if (Files::Open *open = Find(handle)) std::fflush(open->file);
}

ulong FileSize(int handle) {
  Files::Open *open = Find(handle);
  if (open == nullptr) return 0;
  std::fflush(open->file);
  return fs::file_size(open->path);
}

ulong FileTell(int handle) {
  Files::Open *open = Find(handle);
  return open == nullptr ? 0 : static_cast<ulong>(std::ftell(open->file));
}

bool FileSeek(int handle, long offset, int origin) {
  Files::Open *open = Find(handle);
  return open != nullptr && std::fseek(open->file, offset, origin) == 0;
}

bool FileIsEnding(int handle) {
  Files::Open *open = Find(handle);
  if (open == nullptr) return true;
  const int next = std::fgetc(open->file);
  if (next != EOF) std::ungetc(next, open->file);
  return next == EOF;
}

bool FileIsLineEnding(int) { mt::Unsupported("FileIsLineEnding"); }

string FileReadString(int handle, int length) {
  Files::Open *open = Find(handle);
  if (open == nullptr) return string("");
  if ((open->flags & FILE_READ) == 0) return Fail(ERR_FILE_NOTTOREAD, string(""));
  if (open->flags & FILE_UNICODE) mt::Unsupported("FileReadString of UTF-16");
  std::fseek(open->file, 0, SEEK_CUR);
  std::string bytes;
  if (open->flags & FILE_BIN) {
    for (int c; length-- > 0 && (c = std::fgetc(open->file)) != EOF;) bytes += static_cast<char>(c);
  } else {
    for (int c; (c = std::fgetc(open->file)) != EOF && c != '\n' && !((open->flags & FILE_CSV) && c == '\t');) bytes += static_cast<char>(c);
    if (!bytes.empty() && bytes.back() == '\r') bytes.pop_back();
  }
  if (bytes.empty()) return string("");
  Arr<uchar> array;
  array.Resize(static_cast<int>(bytes.size()));
  for (std::size_t i = 0; i < bytes.size(); i++) array[i] = static_cast<uchar>(bytes[i]);
  return CharArrayToString(array, 0, WHOLE_ARRAY, open->codepage);
}

uint FileWriteString(int handle, const string text, int length) {
  Files::Open *open = Find(handle);
  if (open == nullptr) return 0;
  return Put(*open, Encoded(*open, length < 0 ? text : StringSubstr(text, 0, length)));
}

uint FileReadArray(int handle, Arr<uchar> &array, int start, int count) {
  Files::Open *open = Find(handle);
  if (open == nullptr) return 0;
  if ((open->flags & FILE_READ) == 0) return Fail(ERR_FILE_NOTTOREAD, 0U);
  if ((open->flags & FILE_BIN) == 0) return Fail(ERR_FILE_NOTBIN, 0U);
  std::fseek(open->file, 0, SEEK_CUR);
  const long at = std::ftell(open->file);
  const long left = std::max(0L, static_cast<long>(FileSize(handle)) - at);
  const long wanted = count == WHOLE_ARRAY ? (array.IsDynamic() ? left : array.Size() - start) : count;
  const int take = static_cast<int>(std::min({wanted, left, static_cast<long>(INT_MAX)}));
  if (start + take > array.Size()) {
    if (!array.IsDynamic()) return Fail(ERR_INVALID_ARRAY, 0U);
    array.Resize(start + take);
  }
  if (take == 0) return 0;
  return static_cast<uint>(std::fread(array.Data() + start, 1, static_cast<std::size_t>(take), open->file));
}

uint FileWriteArray(int handle, const Arr<uchar> &array, int start, int count) {
  Files::Open *open = Find(handle);
  if (open == nullptr) return 0;
  if ((open->flags & FILE_BIN) == 0) return Fail(ERR_FILE_NOTBIN, 0U);
  if (start < 0 || start > array.Size()) return Fail(ERR_INVALID_PARAMETER, 0U);
  if (count == WHOLE_ARRAY || count > array.Size() - start) count = array.Size() - start;
  return count == 0 ? 0 : Put(*open, std::string(reinterpret_cast<const char *>(array.Data() + start), static_cast<std::size_t>(count)));
}

bool FileIsExist(const string name, int common) {
  std::string path;
  if (!Path(name, common, path)) return false;
  return fs::is_regular_file(path) || Fail(ERR_FILE_NOT_EXIST, false);
}

bool FileDelete(const string name, int common) {
  std::string path;
  if (!Path(name, common, path)) return false;
  if (All().IsOpen(path) || All().IsLocked(name.Utf8())) return Fail(ERR_CANNOT_DELETE_FILE, false);
  std::error_code error;
  return fs::remove(path, error) || Fail(ERR_FILE_NOT_EXIST, false);
}

bool FileMove(const string from, int common, const string to, int mode) { return MoveOrCopy(from, common, to, mode, true); }
bool FileCopy(const string from, int common, const string to, int mode) { return MoveOrCopy(from, common, to, mode, false); }

bool FolderCreate(string name, int common) {
  std::string path;
  std::error_code error;
  if (!Path(name, common, path)) return false;
  fs::create_directories(path, error);
  return !error;
}

bool FolderDelete(string name, int common) {
  std::string path;
  std::error_code error;
  return Path(name, common, path) && fs::remove(path, error);
}

long FileFindFirst(const string, string &, int) { mt::Unsupported("FileFindFirst"); }
bool FileFindNext(long, string &) { mt::Unsupported("FileFindNext"); }
void FileFindClose(long) { mt::Unsupported("FileFindClose"); }
