//+------------------------------------------------------------------+
//| AccountFacts.mqh                                                 |
//| Which account the terminal shows. Before it is authorised these  |
//| are empty or old.                                                |
//+------------------------------------------------------------------+
#ifndef CSMC_ACCOUNT_FACTS_MQH
#define CSMC_ACCOUNT_FACTS_MQH

class CAccountFacts
  {
public:
   long              login;
   string            server;
   string            currency;
   string            margin;      // netting, exchange, hedging; "" = a mode that is not known
   string            mode;        // demo, contest, real
   long              build;

                     CAccountFacts(void) { Clear(); }

   void              Clear(void)
     {
      login=0;
      server="";
      currency="";
      margin="";
      mode="";
      build=0;
     }

   void              Read(void)
     {
      login=AccountInfoInteger(ACCOUNT_LOGIN);
      server=AccountInfoString(ACCOUNT_SERVER);
      currency=AccountInfoString(ACCOUNT_CURRENCY);
      build=(long)TerminalInfoInteger(TERMINAL_BUILD);
      margin=MarginWord(AccountInfoInteger(ACCOUNT_MARGIN_MODE));
      mode=ModeWord(AccountInfoInteger(ACCOUNT_TRADE_MODE));
     }

   bool              IsKnown(void) const
     {
      return(login>0 && StringLen(server)>0 && StringLen(currency)>0 && StringLen(margin)>0);
     }

   bool              IsHedging(void) const { return(margin=="hedging"); }

   //--- the same account keeps its positions in the same way
   bool              IsSame(const CAccountFacts &other) const
     {
      return(login==other.login && server==other.server && margin==other.margin);
     }

   string            Name(void) const { return(IntegerToString(login)+"@"+server); }

private:
   static string     MarginWord(const long value)
     {
      if(value==(long)ACCOUNT_MARGIN_MODE_RETAIL_NETTING)
         return("netting");
      if(value==(long)ACCOUNT_MARGIN_MODE_EXCHANGE)
         return("exchange");
      if(value==(long)ACCOUNT_MARGIN_MODE_RETAIL_HEDGING)
         return("hedging");
      return("");
     }

   static string     ModeWord(const long value)
     {
      if(value==(long)ACCOUNT_TRADE_MODE_DEMO)
         return("demo");
      if(value==(long)ACCOUNT_TRADE_MODE_CONTEST)
         return("contest");
      return("real");
     }
  };

#endif
