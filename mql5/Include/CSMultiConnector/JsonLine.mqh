//+------------------------------------------------------------------+
//| JsonLine.mqh                                                     |
//| Reads one line of the host: one flat JSON object in UTF-8.       |
//| Whatever the bytes are, nothing worse happens than "bad line".   |
//+------------------------------------------------------------------+
#ifndef CSMC_JSON_LINE_MQH
#define CSMC_JSON_LINE_MQH

#include "Utf8.mqh"

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
   int               m_at;
   int               m_end;

public:
                     CJsonLine(void)
     {
      m_total=0;
      m_at=0;
      m_end=0;
     }

   //--- false: not one flat JSON object, or it has a value that is an object, a key that stands twice, more than 64 keys
   bool              Parse(const uchar &bytes[],const int count)
     {
      m_total=0;
      m_at=0;
      m_end=count;
      if(m_end>ArraySize(bytes))
         m_end=ArraySize(bytes);
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

   void              SkipBlanks(const uchar &bytes[])
     {
      while(m_at<m_end && (bytes[m_at]==' ' || bytes[m_at]==9 || bytes[m_at]==10 || bytes[m_at]==13))
         m_at++;
     }

   bool              Take(const uchar &bytes[],const uchar expected)
     {
      if(m_at>=m_end || bytes[m_at]!=expected)
         return(false);
      m_at++;
      return(true);
     }

   bool              ReadObject(const uchar &bytes[])
     {
      SkipBlanks(bytes);
      if(!Take(bytes,'{'))
         return(false);
      SkipBlanks(bytes);
      if(Take(bytes,'}'))
         return(AtEnd(bytes));
      while(m_total<JSON_MAX_KEYS)
        {
         SkipBlanks(bytes);
         string key="";
         if(!ReadText(bytes,key) || Stands(key))
            return(false);
         SkipBlanks(bytes);
         if(!Take(bytes,':'))
            return(false);
         SkipBlanks(bytes);
         if(!ReadValue(bytes))
            return(false);
         m_keys[m_total]=key;
         m_total++;
         SkipBlanks(bytes);
         if(Take(bytes,','))
            continue;
         if(!Take(bytes,'}'))
            return(false);
         return(AtEnd(bytes));
        }
      return(false);
     }

   bool              AtEnd(const uchar &bytes[])
     {
      SkipBlanks(bytes);
      return(m_at==m_end);
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
      if(m_at>=m_end)
         return(false);
      m_values[m_total]="";
      uchar c=bytes[m_at];
      if(c=='"')
        {
         string text="";
         if(!ReadText(bytes,text))
            return(false);
         m_kinds[m_total]=JSON_TEXT;
         m_values[m_total]=text;
         return(true);
        }
      if(c=='t')
         return(ReadWord(bytes,"true",JSON_FLAG));
      if(c=='f')
         return(ReadWord(bytes,"false",JSON_FLAG));
      if(c=='n')
         return(ReadWord(bytes,"null",JSON_NOTHING));
      return(ReadNumber(bytes));
     }

   bool              ReadWord(const uchar &bytes[],const string word,const ENUM_JSON_KIND kind)
     {
      int length=StringLen(word);
      for(int i=0; i<length; i++)
        {
         if(m_at>=m_end || (ushort)bytes[m_at]!=StringGetCharacter(word,i))
            return(false);
         m_at++;
        }
      m_kinds[m_total]=kind;
      m_values[m_total]=word;
      return(true);
     }

   bool              ReadDigits(const uchar &bytes[])
     {
      int start=m_at;
      while(m_at<m_end && bytes[m_at]>='0' && bytes[m_at]<='9')
         m_at++;
      return(m_at>start);
     }

   bool              ReadNumber(const uchar &bytes[])
     {
      int start=m_at;
      Take(bytes,'-');
      int first=m_at;
      if(!ReadDigits(bytes))
         return(false);
      if(bytes[first]=='0' && m_at-first>1)
         return(false);
      if(Take(bytes,'.') && !ReadDigits(bytes))
         return(false);
      if(Take(bytes,'e') || Take(bytes,'E'))
        {
         if(!Take(bytes,'+'))
            Take(bytes,'-');
         if(!ReadDigits(bytes))
            return(false);
        }
      m_kinds[m_total]=JSON_NUMBER;
      m_values[m_total]=CUtf8::Text(bytes,start,m_at-start);
      return(true);
     }

   //--- undoes escapes byte by byte, so that one conversion at the end makes the text
   bool              ReadText(const uchar &bytes[],string &text)
     {
      if(!Take(bytes,'"'))
         return(false);
      uchar plain[];
      int room=m_end-m_at+4;
      if(ArrayResize(plain,room)!=room)
         return(false);
      int count=0;
      while(m_at<m_end)
        {
         uchar c=bytes[m_at];
         if(c=='"')
           {
            m_at++;
            text=CUtf8::Text(plain,0,count);
            return(true);
           }
         if(c<32)
            return(false);
         if(c=='\\')
           {
            if(!ReadEscape(bytes,plain,count))
               return(false);
            continue;
           }
         int length=SequenceLength(bytes);
         if(length==0)
            return(false);
         for(int i=0; i<length; i++)
           {
            plain[count]=bytes[m_at];
            count++;
            m_at++;
           }
        }
      return(false);
     }

   bool              ReadEscape(const uchar &bytes[],uchar &plain[],int &count)
     {
      m_at++;
      if(m_at>=m_end)
         return(false);
      uchar c=bytes[m_at];
      m_at++;
      uint code=0;
      switch(c)
        {
         case '"':
            code=34;
            break;
         case '\\':
            code=92;
            break;
         case '/':
            code=47;
            break;
         case 'b':
            code=8;
            break;
         case 'f':
            code=12;
            break;
         case 'n':
            code=10;
            break;
         case 'r':
            code=13;
            break;
         case 't':
            code=9;
            break;
         case 'u':
            if(!ReadPoint(bytes,code))
               return(false);
            break;
         default:
            return(false);
        }
      Put(plain,count,code);
      return(true);
     }

   //--- after \u: four digits, and those of the second half of a pair
   bool              ReadPoint(const uchar &bytes[],uint &code)
     {
      if(!ReadHex(bytes,code))
         return(false);
      if(code>=0xD800 && code<=0xDBFF && m_at+1<m_end && bytes[m_at]=='\\' && bytes[m_at+1]=='u')
        {
         int back=m_at;
         uint low=0;
         m_at+=2;
         if(!ReadHex(bytes,low))
            return(false);
         if(low>=0xDC00 && low<=0xDFFF)
           {
            code=0x10000+((code-0xD800)<<10)+(low-0xDC00);
            return(true);
           }
         m_at=back;
        }
      if(code>=0xD800 && code<=0xDFFF)
         code=0xFFFD;
      return(true);
     }

   bool              ReadHex(const uchar &bytes[],uint &code)
     {
      if(m_at+4>m_end)
         return(false);
      code=0;
      for(int i=0; i<4; i++)
        {
         uint c=(uint)bytes[m_at];
         uint digit=0;
         if(c>=48 && c<=57)
            digit=c-48;
         else
            if(c>=97 && c<=102)
               digit=c-87;
            else
               if(c>=65 && c<=70)
                  digit=c-55;
               else
                  return(false);
         code=code*16+digit;
         m_at++;
        }
      return(true);
     }

   //--- a text of the terminal has no character 0
   static void       Put(uchar &plain[],int &count,const uint point)
     {
      uint code=point;
      if(code==0)
         code=32;
      if(code<0x80)
        {
         PutByte(plain,count,code);
         return;
        }
      if(code<0x800)
        {
         PutByte(plain,count,0xC0|(code>>6));
         PutByte(plain,count,0x80|(code&0x3F));
         return;
        }
      if(code<0x10000)
        {
         PutByte(plain,count,0xE0|(code>>12));
         PutByte(plain,count,0x80|((code>>6)&0x3F));
         PutByte(plain,count,0x80|(code&0x3F));
         return;
        }
      PutByte(plain,count,0xF0|(code>>18));
      PutByte(plain,count,0x80|((code>>12)&0x3F));
      PutByte(plain,count,0x80|((code>>6)&0x3F));
      PutByte(plain,count,0x80|(code&0x3F));
     }

   static void       PutByte(uchar &plain[],int &count,const uint value)
     {
      if(count>=ArraySize(plain))
         return;
      plain[count]=(uchar)(value&0xFF);
      count++;
     }

   //--- bytes of the well-formed UTF-8 sequence at the present place; 0 = it is none
   int               SequenceLength(const uchar &bytes[]) const
     {
      uchar first=bytes[m_at];
      if(first<0x80)
         return(1);
      int length=0;
      uchar low=0x80;
      uchar high=0xBF;
      if(first>=0xC2 && first<=0xDF)
         length=2;
      if(first>=0xE0 && first<=0xEF)
         length=3;
      if(first>=0xF0 && first<=0xF4)
         length=4;
      if(first==0xE0)
         low=0xA0;
      if(first==0xED)
         high=0x9F;
      if(first==0xF0)
         low=0x90;
      if(first==0xF4)
         high=0x8F;
      if(length==0 || m_at+length>m_end)
         return(0);
      if(bytes[m_at+1]<low || bytes[m_at+1]>high)
         return(0);
      for(int i=2; i<length; i++)
         if((bytes[m_at+i]&0xC0)!=0x80)
            return(0);
      return(length);
     }
  };

#endif
