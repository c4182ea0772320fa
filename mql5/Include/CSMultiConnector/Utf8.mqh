//+------------------------------------------------------------------+
//| Utf8.mqh                                                         |
//| Text to bytes and back. The terminal's default is the machine's  |
//| code page, and a text without end mark has to be cut by hand.    |
//+------------------------------------------------------------------+
#ifndef CSMC_UTF8_MQH
#define CSMC_UTF8_MQH

class CUtf8
  {
public:
   //--- the array has exactly the bytes of the text, without end mark
   static int Bytes(const string text,uchar &bytes[])
     {
      ArrayFree(bytes);
      if(StringLen(text)==0)
         return(0);
      int count=StringToCharArray(text,bytes,0,WHOLE_ARRAY,CP_UTF8)-1;
      if(count<0)
         count=0;
      ArrayResize(bytes,count);
      return(count);
     }

   static string Text(const uchar &bytes[],const int start,const int count)
     {
      if(count<=0 || start<0 || start>ArraySize(bytes)-count)
         return("");
      return(CharArrayToString(bytes,start,count,CP_UTF8));
     }

   //--- text for a JSON value: control characters become spaces, halves of a pair U+FFFD, what is too long is cut
   static string Clean(const string text,const int limit)
     {
      int length=StringLen(text);
      if(length==0)
         return("");
      string clean=text;
      if(length>limit)
        {
         length=limit;
         if(length>0 && IsHigh(StringGetCharacter(text,length-1)))
            length--;
         clean=StringSubstr(text,0,length);
        }
      for(int i=0; i<length; i++)
        {
         ushort c=StringGetCharacter(clean,i);
         if(c<32 || (c>=127 && c<160))
           {
            StringSetCharacter(clean,i,' ');
            continue;
           }
         if(IsHigh(c) && i+1<length && IsLow(StringGetCharacter(clean,i+1)))
           {
            i++;
            continue;
           }
         if(IsHigh(c) || IsLow(c))
            StringSetCharacter(clean,i,0xFFFD);
        }
      return(clean);
     }

private:
   static bool IsHigh(const ushort c) { return(c>=0xD800 && c<=0xDBFF); }
   static bool IsLow(const ushort c)  { return(c>=0xDC00 && c<=0xDFFF); }
  };

#endif
