//+------------------------------------------------------------------+
//| Settings.mqh                                                     |
//| The inputs, checked once: every other class may rely on them.    |
//+------------------------------------------------------------------+
#ifndef CSMC_SETTINGS_MQH
#define CSMC_SETTINGS_MQH

#include "PlainText.mqh"

#define CSMC_MAGICS_MAX          256
#define CSMC_MAGIC_LARGEST       "9223372036854775807"
#define CSMC_LICENCE_MAX         256
#define CSMC_CLIENT_MAX          64
#define CSMC_HOST_MAX            253
#define CSMC_LOG_MEGABYTES_MAX   1000
#define CSMC_INPUT_FILE_MAX      65536
// What the terminal keeps of a text input: 254 characters less the name of the input. A list that fills it may have been cut inside a number.
#define CSMC_MAGICS_INPUT_MAX    242   // SourceMagics
#define CSMC_REMOVED_MAX         256
#define CSMC_REMOVED_INPUT_MAX   240   // RemovedTickets
#define CSMC_REMOVED_LABEL       "Positions and deals that the broker removed (comma separated)"

class CSettings
  {
public:
   string            Host;
   uint              Port;
   bool              Tls;
   string            ClientId;
   string            Secret;
   string            Magics;              // canonical: "1001,1002"; "" = by hand
   bool              StopOnCritical;
   string            Licence;
   bool              ShowAlert;
   bool              DuplicateToExperts;
   bool              PrintInformation;
   int               MaxLogMegabytes;

private:
   long              m_magics[];
   long              m_removed[];         // numbers of positions and deals that the terminal will not list any more: a person's word

public:
                     CSettings(void)
     {
      Clear();
     }

   void              Clear(void)
     {
      Host="";
      Port=0;
      Tls=false;
      ClientId="";
      Secret="";
      Magics="";
      StopOnCritical=false;
      Licence="";
      ShowAlert=true;
      DuplicateToExperts=true;
      PrintInformation=true;
      MaxLogMegabytes=20;
      ArrayResize(m_magics,0);
      ArrayResize(m_removed,0);
     }

   // An empty list stands for one magic: 0, the trades made by hand.
   int               MagicsTotal(void) const
     {
      int total=ArraySize(m_magics);
      return(total==0 ? 1 : total);
     }

   long              MagicAt(const int index) const
     {
      if(index<0 || index>=ArraySize(m_magics))
         return(0);
      return(m_magics[index]);
     }

   bool              HasMagic(const long magic) const
     {
      int total=MagicsTotal();
      for(int i=0; i<total; i++)
         if(MagicAt(i)==magic)
            return(true);
      return(false);
     }

   bool              IsRemoved(const long ticket) const
     {
      int total=ArraySize(m_removed);
      for(int i=0; i<total; i++)
         if(m_removed[i]==ticket)
            return(true);
      return(false);
     }

   // Takes the inputs; returns what is wrong with the first bad one, "" = nothing. The secret is in no answer.
   string            Check(const string magics,const bool stopOnCritical,const string host,const int port,const bool tls,
                           const string clientId,const string secret,const string removed,
                           const bool showAlert,const bool duplicateToExperts,const bool printInformation,const int maxLogMegabytes,
                           const string licence)
     {
      Clear();
      StopOnCritical=stopOnCritical;
      Tls=tls;
      ShowAlert=showAlert;
      DuplicateToExperts=duplicateToExperts;
      PrintInformation=printInformation;
      string problem=TakeMagics(magics);
      if(StringLen(problem)==0)
         problem=TakeHost(host);
      if(StringLen(problem)==0)
         problem=TakePort(port);
      if(StringLen(problem)==0)
         problem=TakeClient(clientId);
      if(StringLen(problem)==0)
         problem=TakeSecret(secret);
      if(StringLen(problem)==0)
         problem=TakeRemoved(removed);
      if(StringLen(problem)==0)
         problem=TakeLogSize(maxLogMegabytes);
      if(StringLen(problem)==0)
         problem=TakeLicence(licence);
      return(problem);
     }

private:
   static string     Problem(const string label,const string value,const string allowed)
     {
      return("Input \""+label+"\": \""+CPlainText::Cut(CPlainText::OneLine(value),64)+"\" is not allowed. Allowed: "+allowed);
     }

   string            TakeMagics(const string input_text)
     {
      string allowed="whole numbers from 0 to "+CSMC_MAGIC_LARGEST+" with commas between them, at most "+IntegerToString(CSMC_MAGICS_MAX)
                     +", each once; empty for trades made by hand; file:NAME to read them from MQL5\\Files\\NAME.";
      string problem=TakeNumbers("Source Expert Advisor magic IDs (comma separated)",allowed,"magic",input_text,CSMC_MAGICS_INPUT_MAX,CSMC_MAGICS_MAX,m_magics);
      int total=ArraySize(m_magics);
      for(int i=0; i<total; i++)
         Magics=Magics+(i==0 ? "" : ",")+IntegerToString(m_magics[i]);
      return(problem);
     }

   string            TakeRemoved(const string input_text)
     {
      string allowed="the numbers that the Expert Advisor named in its warning, with commas between them, at most "+IntegerToString(CSMC_REMOVED_MAX)
                     +", each once; empty for none; file:NAME to read them from MQL5\\Files\\NAME.";
      return(TakeNumbers(CSMC_REMOVED_LABEL,allowed,"number",input_text,CSMC_REMOVED_INPUT_MAX,CSMC_REMOVED_MAX,m_removed));
     }

   // Whole numbers with commas between them, or file:NAME; what: the word for one of them.
   static string     TakeNumbers(const string label,const string allowed,const string what,const string input_text,const int cutAt,const int most,long &numbers[])
     {
      string list=CPlainText::Trim(input_text);
      if(StringSubstr(list,0,5)=="file:")
        {
         string unreadable=ReadFirstLine(label,StringSubstr(list,5),list);
         if(StringLen(unreadable)>0)
            return(unreadable);
         list=CPlainText::Trim(list);
        }
      else
         if(StringLen(input_text)>=cutAt)
            return("Input \""+label+"\": the list has "+IntegerToString(StringLen(input_text))+" characters, and the terminal cuts this input at "
                   +IntegerToString(cutAt)+": "+what+"s may be missing. Put the list into a file in MQL5\\Files and enter file:NAME.");
      if(StringLen(list)==0)
         return("");
      string items[];
      int total=StringSplit(list,',',items);
      if(total>most)
         return(Problem(label,IntegerToString(total)+" "+what+"s",allowed));
      for(int i=0; i<total; i++)
        {
         string digits=NumberDigits(CPlainText::Trim(items[i]));
         if(StringLen(digits)==0)
            return(Problem(label,items[i],allowed));
         long number=StringToInteger(digits);
         for(int k=0; k<i; k++)
            if(numbers[k]==number)
               return("Input \""+label+"\": "+digits+" stands there twice. Allowed: each "+what+" once.");
         if(ArrayResize(numbers,i+1,most)!=i+1)
            return("Input \""+label+"\": no memory.");
         numbers[i]=number;
        }
      return("");
     }

   // The number without leading zeros; "" when it is none or too large.
   static string     NumberDigits(const string item)
     {
      int length=StringLen(item);
      int from=0;
      for(int i=0; i<length; i++)
        {
         ushort c=StringGetCharacter(item,i);
         if(c<'0' || c>'9')
            return("");
         if(c=='0' && from==i && i<length-1)
            from++;
        }
      string digits=StringSubstr(item,from);
      int largest=StringLen(CSMC_MAGIC_LARGEST);
      if(length-from>largest || (length-from==largest && StringCompare(digits,CSMC_MAGIC_LARGEST)>0))
         return("");
      return(digits);
     }

   string            TakeHost(const string host)
     {
      string label="Host address";
      int colon=StringFind(host,":");
      bool portGiven=(colon>=0 && StringFind(host,":",colon+1)<0);   // two colons and more: an IPv6 address
      if(StringLen(host)==0 || StringLen(host)>CSMC_HOST_MAX || CPlainText::HasBlank(host) || StringFind(host,"/")>=0 || StringFind(host,"\\")>=0 || portGiven)
         return(Problem(label,host,"the name or the IP address of the machine that runs the host, such as 127.0.0.1: no http://, no port, no blanks."));
      Host=host;
      return("");
     }

   string            TakePort(const int port)
     {
      if(port<1 || port>65535)
         return(Problem("Port",IntegerToString(port),"1 to 65535 (the host's own default is 5555)."));
      Port=(uint)port;
      return("");
     }

   string            TakeClient(const string clientId)
     {
      int length=StringLen(clientId);
      bool good=(length>=1 && length<=CSMC_CLIENT_MAX);
      for(int i=0; i<length && good; i++)
        {
         ushort c=StringGetCharacter(clientId,i);
         good=((c>='A' && c<='Z') || (c>='a' && c<='z') || (c>='0' && c<='9') || c=='_' || c=='-');
        }
      if(!good)
         return(Problem("Client id",clientId,"1 to 64 of the letters A to Z and a to z, digits, _ and -, as given to \"csmulticonnector client add\"."));
      ClientId=clientId;
      return("");
     }

   string            TakeSecret(const string secret)
     {
      string label="Client secret";
      string value=secret;
      if(StringSubstr(value,0,5)=="file:")
        {
         string unreadable=ReadFirstLine(label,StringSubstr(value,5),value);
         if(StringLen(unreadable)>0)
            return(unreadable);
        }
      if(StringLen(value)==0)
         return("Input \""+label+"\" is empty. Allowed: the secret that \"csmulticonnector client add\" showed, or file:NAME to read it from MQL5\\Files\\NAME.");
      if(CPlainText::HasControl(value))
         return("Input \""+label+"\" has a control character. Allowed: the secret in one line, as \"csmulticonnector client add\" showed it.");
      if(CPlainText::Trim(value)!=value)
         return("Input \""+label+"\" begins or ends with a blank. Allowed: the secret alone, as \"csmulticonnector client add\" showed it.");
      Secret=value;
      return("");
     }

   string            TakeLogSize(const int megabytes)
     {
      if(megabytes<1 || megabytes>CSMC_LOG_MEGABYTES_MAX)
         return(Problem("Max. log file size (Mbytes)",IntegerToString(megabytes),"1 to "+IntegerToString(CSMC_LOG_MEGABYTES_MAX)+"."));
      MaxLogMegabytes=megabytes;
      return("");
     }

   string            TakeLicence(const string licence)
     {
      if(StringLen(licence)>CSMC_LICENCE_MAX || CPlainText::HasControl(licence))
         return(Problem("License key",licence,"up to "+IntegerToString(CSMC_LICENCE_MAX)+" characters in one line."));
      Licence=licence;
      return("");
     }

   // The first line of a UTF-8 file in MQL5\Files; the answer says why not.
   static string     ReadFirstLine(const string label,const string name,string &line)
     {
      line="";
      string about="Input \""+label+"\": the file \""+CPlainText::Cut(CPlainText::OneLine(name),64)+"\" in MQL5\\Files ";
      if(StringLen(CPlainText::Trim(name))==0)
         return("Input \""+label+"\": file: stands without a name. Allowed: file:NAME with a file in MQL5\\Files.");
      ResetLastError();
      int handle=FileOpen(name,FILE_READ|FILE_BIN|FILE_SHARE_READ|FILE_SHARE_WRITE);
      if(handle==INVALID_HANDLE)
         return(about+"cannot be opened (error "+IntegerToString(GetLastError())+").");
      uchar bytes[];
      ulong size=FileSize(handle);
      bool fits=(size<=(ulong)CSMC_INPUT_FILE_MAX);
      int count=0;
      if(fits && size>0 && ArrayResize(bytes,(int)size)==(int)size)
         count=(int)FileReadArray(handle,bytes,0,(int)size);
      FileClose(handle);
      if(!fits)
         return(about+"is larger than "+IntegerToString(CSMC_INPUT_FILE_MAX)+" bytes.");
      if(count>=2 && ((bytes[0]==0xFF && bytes[1]==0xFE) || (bytes[0]==0xFE && bytes[1]==0xFF)))
         return(about+"is UTF-16. Save it as UTF-8.");
      int from=(count>=3 && bytes[0]==0xEF && bytes[1]==0xBB && bytes[2]==0xBF) ? 3 : 0;
      int to=from;
      while(to<count && bytes[to]!=10 && bytes[to]!=13 && bytes[to]!=0)
         to++;
      if(to>from)
         line=CharArrayToString(bytes,from,to-from,CP_UTF8);
      if(StringLen(CPlainText::Trim(line))==0)
         return(about+"has an empty first line.");
      return("");
     }
  };

#endif
