// Chart and object functions of MQL5 over a model.
#include "Machine.h"

#include <algorithm>

using mt::ChartObject;
using mt::Machine;

namespace mt {

long ChartObject::Integer(ENUM_OBJECT_PROPERTY_INTEGER property) const {
  const auto at = integers.find(property);
  return at == integers.end() ? 0 : at->second;
}

string ChartObject::Text(ENUM_OBJECT_PROPERTY_STRING property) const {
  const auto at = strings.find(property);
  return at == strings.end() ? string("") : at->second;
}

ChartObject *Chart::Find(const string &name) {
  const auto at = std::find_if(objects.begin(), objects.end(), [&](const ChartObject &each) { return each.name == name; });
  return at == objects.end() ? nullptr : &*at;
}

bool Chart::Create(const string &name, ENUM_OBJECT type) {
  if (const ChartObject *there = Find(name)) return there->type == type; // unverified: an object of the name stays
  ChartObject made;
  made.name = name;
  made.type = type;
  made.strings[OBJPROP_TEXT] = string(type == OBJ_RECTANGLE_LABEL ? "" : type == OBJ_BUTTON ? "Button" : "Label");
  made.integers[OBJPROP_FONTSIZE] = 10;
  made.integers[OBJPROP_XSIZE] = made.integers[OBJPROP_YSIZE] = type == OBJ_LABEL ? 0 : 50;
  objects.push_back(made);
  return true;
}

bool Chart::Delete(const string &name) { return std::erase_if(objects, [&](const ChartObject &each) { return each.name == name; }) > 0; }

static std::string Quoted(const string &text) {
  std::string out = "\"";
  for (char c : text.Utf8()) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char hex[8];
      std::snprintf(hex, sizeof hex, "\\u%04x", c);
      out += hex;
    } else out += c;
  }
  return out + "\"";
}

std::string Chart::Dump() const {
  std::string out;
  for (const ChartObject &each : objects) {
    out += out.empty() ? "[" : ",";
    out += "{\"name\":" + Quoted(each.name) + ",\"type\":" + Quoted(EnumToString(each.type)) + ",\"text\":" + Quoted(each.Text(OBJPROP_TEXT)) +
           ",\"tooltip\":" + Quoted(each.Text(OBJPROP_TOOLTIP));
    const std::pair<const char *, ENUM_OBJECT_PROPERTY_INTEGER> shown[] = {{"x", OBJPROP_XDISTANCE}, {"y", OBJPROP_YDISTANCE}, {"width", OBJPROP_XSIZE},
      {"height", OBJPROP_YSIZE}, {"color", OBJPROP_COLOR}, {"background", OBJPROP_BGCOLOR}, {"fontSize", OBJPROP_FONTSIZE}, {"state", OBJPROP_STATE}};
    for (const auto &[key, property] : shown) out += std::string(",\"") + key + "\":" + std::to_string(each.Integer(property));
    out += "}";
  }
  return out.empty() ? "[]" : out + "]";
}

} // namespace mt

static mt::Chart *ChartOf(long id) {
  mt::Chart &chart = Machine::Current().chart;
  if (id == 0 || id == chart.id) return &chart;
  _LastError = ERR_CHART_WRONG_ID;
  return nullptr;
}

static ChartObject *ObjectOf(long id, const string &name) {
  mt::Chart *chart = ChartOf(id);
  ChartObject *found = chart == nullptr ? nullptr : chart->Find(name);
  if (chart != nullptr && found == nullptr) _LastError = ERR_OBJECT_NOT_FOUND;
  return found;
}

long ChartID() { return Machine::Current().chart.id; }
long ChartFirst() { return ChartID(); }
long ChartNext(long) { return -1; }
void ChartRedraw(long id) {
  if (mt::Chart *chart = ChartOf(id)) chart->redraws++;
}

bool ChartGetInteger(long id, ENUM_CHART_PROPERTY_INTEGER property, int, long &value) {
  const mt::Chart *chart = ChartOf(id);
  if (chart == nullptr) return false;
  const auto set = chart->integers.find(property);
  value = property == CHART_WIDTH_IN_PIXELS ? chart->width : property == CHART_HEIGHT_IN_PIXELS ? chart->height : set == chart->integers.end() ? 0 : set->second;
  return true;
}

long ChartGetInteger(long id, ENUM_CHART_PROPERTY_INTEGER property, int window) {
  long value = 0;
  ChartGetInteger(id, property, window, value);
  return value;
}

bool ChartSetInteger(long id, ENUM_CHART_PROPERTY_INTEGER property, long value) {
  mt::Chart *chart = ChartOf(id);
  if (chart != nullptr) chart->integers[property] = value;
  return chart != nullptr;
}

bool ObjectCreate(long id, string name, ENUM_OBJECT type, int window, datetime, double) {
  mt::Chart *chart = ChartOf(id);
  if (chart == nullptr) return false;
  if (window != 0 || StringLen(name) == 0 || StringLen(name) > 63) {
    _LastError = ERR_INVALID_PARAMETER;
    return false;
  }
  if (chart->Create(name, type)) return true;
  _LastError = ERR_OBJECT_ERROR;
  return false;
}

bool ObjectDelete(long id, string name) {
  mt::Chart *chart = ChartOf(id);
  if (chart != nullptr && chart->Delete(name)) return true;
  _LastError = ERR_OBJECT_NOT_FOUND;
  return false;
}

int ObjectsDeleteAll(long id, const string prefix, int, int type) {
  mt::Chart *chart = ChartOf(id);
  if (chart == nullptr) return -1;
  return static_cast<int>(
    std::erase_if(chart->objects, [&](const ChartObject &each) { return each.name.Text().starts_with(prefix.Text()) && (type < 0 || each.type == type); }));
}

int ObjectsDeleteAll(long id, int window, int type) { return ObjectsDeleteAll(id, string(""), window, type); }
int ObjectFind(long id, string name) { return ObjectOf(id, name) == nullptr ? -1 : 0; }

int ObjectsTotal(long id, int, int type) {
  mt::Chart *chart = ChartOf(id);
  if (chart == nullptr) return 0;
  return static_cast<int>(std::count_if(chart->objects.begin(), chart->objects.end(), [&](const ChartObject &each) { return type < 0 || each.type == type; }));
}

string ObjectName(long id, int at, int, int type) {
  mt::Chart *chart = ChartOf(id);
  if (chart == nullptr) return string("");
  for (const ChartObject &each : chart->objects)
    if ((type < 0 || each.type == type) && at-- == 0) return each.name;
  return string("");
}

bool ObjectSetInteger(long id, string name, ENUM_OBJECT_PROPERTY_INTEGER property, long value) {
  ChartObject *object = ObjectOf(id, name);
  if (object != nullptr) object->integers[property] = value;
  return object != nullptr;
}

bool ObjectSetDouble(long id, string name, ENUM_OBJECT_PROPERTY_DOUBLE property, double value) {
  ChartObject *object = ObjectOf(id, name);
  if (object != nullptr) object->doubles[property] = value;
  return object != nullptr;
}

bool ObjectSetString(long id, string name, ENUM_OBJECT_PROPERTY_STRING property, string value) {
  ChartObject *object = ObjectOf(id, name);
  if (object == nullptr) return false;
  if (property == OBJPROP_NAME) object->name = value;
  else object->strings[property] = value;
  return true;
}

long ObjectGetInteger(long id, string name, ENUM_OBJECT_PROPERTY_INTEGER property, int) {
  const ChartObject *object = ObjectOf(id, name);
  return object == nullptr ? 0 : property == OBJPROP_TYPE ? static_cast<long>(object->type) : object->Integer(property);
}

double ObjectGetDouble(long id, string name, ENUM_OBJECT_PROPERTY_DOUBLE property, int) {
  const ChartObject *object = ObjectOf(id, name);
  if (object == nullptr) return 0;
  const auto at = object->doubles.find(property);
  return at == object->doubles.end() ? 0 : at->second;
}

string ObjectGetString(long id, string name, ENUM_OBJECT_PROPERTY_STRING property, int) {
  const ChartObject *object = ObjectOf(id, name);
  return object == nullptr ? string("") : property == OBJPROP_NAME ? object->name : object->Text(property);
}

static thread_local int fontSize = -100;

bool TextSetFont(const string, int size, uint, int) {
  fontSize = size;
  return size != 0;
}

/// unverified: a model of a proportional font, six tenths of its height a character.
bool TextGetSize(const string text, uint &width, uint &height) {
  const double pixels = fontSize < 0 ? -fontSize / 10.0 * Machine::Current().dpi / 72.0 : fontSize;
  width = static_cast<uint>(0.6 * pixels * StringLen(text));
  height = static_cast<uint>(1.3 * pixels);
  return true;
}
