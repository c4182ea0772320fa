//+------------------------------------------------------------------+
//| JsonLine.mqh                                                     |
//| Reads one line of the host: one flat JSON object in UTF-8.       |
//| Whatever the bytes are, nothing worse happens than "bad line".   |
//+------------------------------------------------------------------+
#ifndef CSMC_JSON_LINE_MQH
#define CSMC_JSON_LINE_MQH

#include "JsonScanner.mqh"

#define JSON_MAX_KEYS  64

enum ENUM_JSON_KIND
  {
   JSON_TEXT,
   JSON_NUMBER,
   JSON_FLAG,
   JSON_NOTHING
  };

class CJsonLine
  {
private:
   string            m_keys[JSON_MAX_KEYS];
   string            m_values[JSON_MAX_KEYS];
   ENUM_JSON_KIND    m_kinds[JSON_MAX_KEYS];
   int               m_total;
   CJsonScanner      m_scan;

public:
                     CJsonLine(void) { m_total=0; }

   //--- false: not one flat JSON object, or it has a value that is an object, a key that stands twice, more than 64 keys
   bool              Parse(const uchar &bytes[],const int count)
     {
      m_total=0;
      m_scan.Begin(bytes,count);
      bool good=ReadObject(bytes);
      if(!good)
         m_total=0;
      return(good);
     }

   string            Type(void) const
     {
      string type="";
      Text("t",type);
      return(type);
     }

   string            LastKey(void) const
     {
      if(m_total==0)
         return("");
      return(m_keys[m_total-1]);
     }

   bool              Text(const string key,string &value) const
     {
      int i=Find(key,JSON_TEXT);
      if(i<0)
         return(false);
      value=m_values[i];
      return(true);
     }

   string            TextOr(const string key,const string otherwise) const
     {
      string value=otherwise;
      Text(key,value);
      return(value);
     }

   bool              Flag(const string key,bool &value) const
     {
      int i=Find(key,JSON_FLAG);
      if(i<0)
         return(false);
      value=(m_values[i]=="true");
      return(true);
     }

   //--- an integer from the least allowed value to 2^63-1
   bool              Integer(const string key,const long least,long &value) const
     {
      int i=Find(key,JSON_NUMBER);
      if(i<0)
         return(false);
      long number=0;
      if(!ToInteger(m_values[i],number) || number<least)
         return(false);
      value=number;
      return(true);
     }

   //--- a volume in units of 1e-8 lots, exactly as it is written; digits beyond the eighth are cut
   bool              Volume(const string key,long &units) const
     {
      int i=Find(key,JSON_NUMBER);
      if(i<0)
         return(false);
      return(ToUnits(m_values[i],units));
     }

   //--- an integer or a short text, as text
   string            Token(const string key) const
     {
      for(int i=0; i<m_total; i++)
         if(m_keys[i]==key && (m_kinds[i]==JSON_TEXT || m_kinds[i]==JSON_NUMBER))
            return(m_values[i]);
      return("");
     }

private:
   int               Find(const string key,const ENUM_JSON_KIND kind) const
     {
      for(int i=0; i<m_total; i++)
         if(m_keys[i]==key)
           {
            if(m_kinds[i]==kind)
               return(i);
            return(-1);
           }
      return(-1);
     }

   static bool       ToInteger(const string text,long &value)
     {
      int length=StringLen(text);
      int at=0;
      bool negative=false;
      if(length>0 && StringGetCharacter(text,0)=='-')
        {
         negative=true;
         at=1;
        }
      if(at>=length)
         return(false);
      long number=0;
      for(; at<length; at++)
        {
         ushort c=StringGetCharacter(text,at);
         if(c<'0' || c>'9')
            return(false);
         long digit=(long)c-48;
         if(number>(LONG_MAX-digit)/10)
            return(false);
         number=number*10+digit;
        }
      if(negative)
         number=-number;
      value=number;
      return(true);
     }

   static bool       ToUnits(const string text,long &units)
     {
      int length=StringLen(text);
      int point=StringFind(text,".");
      string whole=text;
      string rest="";
      if(point>=0)
        {
         whole=StringSubstr(text,0,point);
         rest=StringSubstr(text,point+1,8);
        }
      long number=0;
      if(length>40 || !ToInteger(whole,number) || number<0 || number>10000000000)
         return(false);
      long part=0;
      while(StringLen(rest)<8)
         rest+="0";
      if(!ToInteger(rest,part) || part<0)
         return(false);
      units=number*100000000+part;
      return(true);
     }

   bool              ReadObject(const uchar &bytes[])
     {
      m_scan.SkipBlanks(bytes);
      if(!m_scan.Take(bytes,'{'))
         return(false);
      m_scan.SkipBlanks(bytes);
      if(m_scan.Take(bytes,'}'))
         return(m_scan.AtEnd(bytes));
      while(m_total<JSON_MAX_KEYS)
        {
         m_scan.SkipBlanks(bytes);
         string key="";
         if(!m_scan.ReadText(bytes,key) || Stands(key))
            return(false);
         m_scan.SkipBlanks(bytes);
         if(!m_scan.Take(bytes,':'))
            return(false);
         m_scan.SkipBlanks(bytes);
         if(!ReadValue(bytes))
            return(false);
         m_keys[m_total]=key;
         m_total++;
         m_scan.SkipBlanks(bytes);
         if(m_scan.Take(bytes,','))
            continue;
         if(!m_scan.Take(bytes,'}'))
            return(false);
         return(m_scan.AtEnd(bytes));
        }
      return(false);
     }

   bool              Stands(const string key) const
     {
      for(int i=0; i<m_total; i++)
         if(m_keys[i]==key)
            return(true);
      return(false);
     }

   bool              ReadValue(const uchar &bytes[])
     {
      string value="";
      bool good=false;
      switch(m_scan.Next(bytes))
        {
         case '"':
            m_kinds[m_total]=JSON_TEXT;
            good=m_scan.ReadText(bytes,value);
            break;
         case 't':
            good=ReadWord(bytes,"true",JSON_FLAG,value);
            break;
         case 'f':
            good=ReadWord(bytes,"false",JSON_FLAG,value);
            break;
         case 'n':
            good=ReadWord(bytes,"null",JSON_NOTHING,value);
            break;
         default:
            m_kinds[m_total]=JSON_NUMBER;
            good=m_scan.ReadNumber(bytes,value);
        }
      m_values[m_total]=value;
      return(good);
     }

   bool              ReadWord(const uchar &bytes[],const string word,const ENUM_JSON_KIND kind,string &value)
     {
      m_kinds[m_total]=kind;
      value=word;
      return(m_scan.ReadWord(bytes,word));
     }
  };

#endif
