//+------------------------------------------------------------------+
//| Deal.mqh                                                         |
//| One deal of the trade history that moved a position, or did      |
//| before the trade server cancelled it, and the words for it.      |
//+------------------------------------------------------------------+
#ifndef CSMC_DEAL_MQH
#define CSMC_DEAL_MQH

enum ENUM_FEED_SIDE
  {
   FEED_BUY,
   FEED_SELL
  };

enum ENUM_FEED_ENTRY
  {
   FEED_ENTRY_IN,
   FEED_ENTRY_OUT,
   FEED_ENTRY_INOUT,
   FEED_ENTRY_OUT_BY
  };

enum ENUM_FEED_REASON
  {
   FEED_REASON_OTHER,
   FEED_REASON_CLIENT,
   FEED_REASON_MOBILE,
   FEED_REASON_WEB,
   FEED_REASON_EXPERT,
   FEED_REASON_SL,
   FEED_REASON_TP,
   FEED_REASON_SO,
   FEED_REASON_ROLLOVER
  };

struct SDeal
  {
   long              ticket;
   long              order;
   long              position;    // its id
   long              magic;       // the one written on the deal
   string            symbol;
   ENUM_FEED_SIDE    side;
   ENUM_FEED_ENTRY   entry;
   ENUM_FEED_REASON  reason;
   long              lots;        // units of 1e-8, above zero
   double            price;
   double            commission;
   long              time_msc;    // of the trade server
   string            comment;
   bool              canceled;

                     SDeal(void)
     {
      ticket=0;
      order=0;
      position=0;
      magic=0;
      symbol="";
      side=FEED_BUY;
      entry=FEED_ENTRY_IN;
      reason=FEED_REASON_OTHER;
      lots=0;
      price=0.0;
      commission=0.0;
      time_msc=0;
      comment="";
      canceled=false;
     }

   //--- buy positive
   long              Signed(void) const
     {
      if(side==FEED_BUY)
         return(lots);
      return(-lots);
     }

   //--- an exit that the trade server made: nobody's decision
   bool              IsForcedExit(void) const
     {
      return(entry!=FEED_ENTRY_IN && (reason==FEED_REASON_SL || reason==FEED_REASON_TP || reason==FEED_REASON_SO || reason==FEED_REASON_ROLLOVER));
     }

   //--- happened before the other: by time, then by ticket
   bool              IsBefore(const SDeal &other) const
     {
      if(time_msc!=other.time_msc)
         return(time_msc<other.time_msc);
      return(ticket<other.ticket);
     }

   string            SideWord(void) const
     {
      if(side==FEED_BUY)
         return("buy");
      return("sell");
     }

   string            EntryWord(void) const
     {
      switch(entry)
        {
         case FEED_ENTRY_IN:
            return("in");
         case FEED_ENTRY_OUT:
            return("out");
         case FEED_ENTRY_INOUT:
            return("inout");
         case FEED_ENTRY_OUT_BY:
            break;
        }
      return("out_by");
     }

   string            ReasonWord(void) const
     {
      switch(reason)
        {
         case FEED_REASON_CLIENT:
            return("client");
         case FEED_REASON_MOBILE:
            return("mobile");
         case FEED_REASON_WEB:
            return("web");
         case FEED_REASON_EXPERT:
            return("expert");
         case FEED_REASON_SL:
            return("sl");
         case FEED_REASON_TP:
            return("tp");
         case FEED_REASON_SO:
            return("so");
         case FEED_REASON_ROLLOVER:
            return("rollover");
         case FEED_REASON_OTHER:
            break;
        }
      return("other");
     }
  };

#endif
