//+------------------------------------------------------------------+
//| PlainText.mqh                                                    |
//| Text from outside (inputs, the host) made safe to show: one      |
//| line, bounded.                                                   |
//+------------------------------------------------------------------+
#ifndef CSMC_PLAIN_TEXT_MQH
#define CSMC_PLAIN_TEXT_MQH

class CPlainText
  {
public:
   // Characters that end a line or steer a display: C0, DEL, C1, line and paragraph separators.
   static bool       IsControl(const ushort c)
     {
      return(c<32 || (c>=127 && c<160) || c==0x2028 || c==0x2029);
     }

   static bool       HasControl(const string text)
     {
      int length=StringLen(text);
      for(int i=0; i<length; i++)
         if(IsControl(StringGetCharacter(text,i)))
            return(true);
      return(false);
     }

   static bool       HasBlank(const string text)
     {
      int length=StringLen(text);
      for(int i=0; i<length; i++)
        {
         ushort c=StringGetCharacter(text,i);
         if(c==' ' || c==0xA0 || IsControl(c))
            return(true);
        }
      return(false);
     }

   // Control characters become spaces.
   static string     OneLine(const string text)
     {
      string clean=text;
      int length=StringLen(clean);
      for(int i=0; i<length; i++)
         if(IsControl(StringGetCharacter(clean,i)))
            StringSetCharacter(clean,i,' ');
      return(clean);
     }

   // At most `longest` characters; what is cut ends with an ellipsis. A surrogate pair is not cut in two.
   static string     Cut(const string text,const int longest)
     {
      if(StringLen(text)<=longest)
         return(text);
      if(longest<2)
         return("");
      int keep=longest-1;
      ushort last=StringGetCharacter(text,keep-1);
      if(last>=0xD800 && last<0xDC00)
         keep--;
      return(StringSubstr(text,0,keep)+ShortToString(0x2026));
     }

   // "#1, #2, …": at most ten.
   static string     Tickets(const long &tickets[])
     {
      string list="";
      int total=ArraySize(tickets);
      for(int i=0; i<total && i<10; i++)
         list+=(i==0 ? "#" : ", #")+IntegerToString(tickets[i]);
      if(total>10)
         list+=", "+ShortToString(0x2026);
      return(list);
     }

   static string     Trim(const string text)
     {
      string trimmed=text;
      StringTrimLeft(trimmed);
      StringTrimRight(trimmed);
      return(trimmed);
     }
  };

#endif
