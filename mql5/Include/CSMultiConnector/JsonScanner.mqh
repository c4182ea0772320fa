//+------------------------------------------------------------------+
//| JsonScanner.mqh                                                  |
//| Walks over the bytes of a JSON text: blanks, signs, words,       |
//| numbers, texts. Whatever the bytes are, it says no at worst and  |
//| never reads beyond their end.                                    |
//+------------------------------------------------------------------+
#ifndef CSMC_JSON_SCANNER_MQH
#define CSMC_JSON_SCANNER_MQH

#include "Utf8.mqh"

//--- the bytes are the caller's, the same in every call after Begin
class CJsonScanner
  {
private:
   int               m_at;
   int               m_end;

public:
                     CJsonScanner(void)
     {
      m_at=0;
      m_end=0;
     }

   void              Begin(const uchar &bytes[],const int count)
     {
      m_at=0;
      m_end=count;
      if(m_end>ArraySize(bytes))
         m_end=ArraySize(bytes);
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

   //--- the byte that comes; 0 = none
   uchar             Next(const uchar &bytes[]) const
     {
      if(m_at>=m_end)
         return(0);
      return(bytes[m_at]);
     }

   bool              AtEnd(const uchar &bytes[])
     {
      SkipBlanks(bytes);
      return(m_at==m_end);
     }

   bool              ReadWord(const uchar &bytes[],const string word)
     {
      int length=StringLen(word);
      for(int i=0; i<length; i++)
        {
         if(m_at>=m_end || (ushort)bytes[m_at]!=StringGetCharacter(word,i))
            return(false);
         m_at++;
        }
      return(true);
     }

   //--- as it is written
   bool              ReadNumber(const uchar &bytes[],string &number)
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
      number=CUtf8::Text(bytes,start,m_at-start);
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

private:
   bool              ReadDigits(const uchar &bytes[])
     {
      int start=m_at;
      while(m_at<m_end && bytes[m_at]>='0' && bytes[m_at]<='9')
         m_at++;
      return(m_at>start);
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
