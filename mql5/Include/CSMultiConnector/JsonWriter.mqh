//+------------------------------------------------------------------+
//| JsonWriter.mqh                                                   |
//| Writes one line of the feed protocol: a flat JSON object whose   |
//| keys stand in the order of the calls.                            |
//+------------------------------------------------------------------+
#ifndef CSMC_JSON_WRITER_MQH
#define CSMC_JSON_WRITER_MQH

#include "Lots.mqh"
#include "Utf8.mqh"

class CJsonWriter
  {
private:
   string            m_text;

public:
                     CJsonWriter(void) { m_text=""; }

   void              Begin(const string type) { m_text="{\"t\":\""+type+"\""; }

   void              Number(const string key,const long value) { m_text+=",\""+key+"\":"+IntegerToString(value); }

   void              Volume(const string key,const long lots)  { m_text+=",\""+key+"\":"+CLots::Text(lots); }

   void              Amount(const string key,const double value) { m_text+=",\""+key+"\":"+CLots::Amount(value); }

   void              Flag(const string key,const bool value)
     {
      if(value)
         m_text+=",\""+key+"\":true";
      else
         m_text+=",\""+key+"\":false";
     }

   void              Text(const string key,const string value,const int limit)
     {
      string text=CUtf8::Clean(value,limit);
      StringReplace(text,"\\","\\\\");
      StringReplace(text,"\"","\\\"");
      m_text+=",\""+key+"\":\""+text+"\"";
     }

   //--- keys that another writer has written: ,"key":value,…
   void              Fields(const string fields) { m_text+=fields; }

   //--- the object without its closing brace: what a proof covers
   string            Unclosed(void) const { return(m_text); }

   string            Line(void) const { return(m_text+"}"); }
  };

#endif
