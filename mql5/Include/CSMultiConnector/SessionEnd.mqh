//+------------------------------------------------------------------+
//| SessionEnd.mqh                                                   |
//| Why a connection to the host ended, and in which words the user  |
//| is told.                                                         |
//+------------------------------------------------------------------+
#ifndef CSMC_SESSION_END_MQH
#define CSMC_SESSION_END_MQH

enum ENUM_SESSION_END
  {
   SESSION_END_NONE,
   SESSION_END_LOST,          // broken, silent, closed by the host, or it takes no session now: try again
   SESSION_END_REFUSED,       // it may accept a later login
   SESSION_END_FINAL,         // it will never accept this login
   SESSION_END_REPLACED,      // another session took this one's place
   SESSION_END_STOPPED        // the host said stop
  };

class CSessionEnd
  {
private:
   ENUM_SESSION_END  m_kind;
   string            m_text;

public:
                     CSessionEnd(void) { Clear(); }

   void              Clear(void) { Set(SESSION_END_NONE,""); }

   void              Set(const ENUM_SESSION_END kind,const string text)
     {
      m_kind=kind;
      m_text=text;
     }

   ENUM_SESSION_END  Kind(void) const { return(m_kind); }
   string            Text(void) const { return(m_text); }

   //--- the host said good-bye
   void              SetBye(const string reason)
     {
      if(reason=="replaced")
         SetReplaced();
      else
         Set(SESSION_END_LOST,"the host left: "+reason);
     }

   //--- an error during login
   void              SetRefusal(const string code,const string text)
     {
      if(code=="unauthorised")
         Set(SESSION_END_REFUSED,"the host refused the login: check client id and secret ("+text+")");
      else
         if(code=="busy")
            Set(SESSION_END_REFUSED,"another Expert Advisor feeds this account with other magic IDs; remove one of the two, or wait until it has left ("+text+")");
         else
            if(code=="replaced")
               SetReplaced();
            else
               if(code=="unsupported-protocol")
                  Set(SESSION_END_FINAL,"the host speaks another version of the feed protocol; install the Expert Advisor that came with the host ("+text+")");
               else
                  if(code=="bad-field")
                     Set(SESSION_END_FINAL,"the host does not accept this login; correct what it names in the inputs or the account ("+text+")");
                  else
                     Set(SESSION_END_FINAL,"the host refused the login: "+code+" ("+text+")");
     }

private:
   void              SetReplaced(void) { Set(SESSION_END_REPLACED,"another session of this terminal took this one's place"); }
  };

#endif
