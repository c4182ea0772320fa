//+------------------------------------------------------------------+
//| PositionPast.mqh                                                 |
//| What the deals of one position tell, read from the terminal's    |
//| whole history.                                                   |
//+------------------------------------------------------------------+
#ifndef CSMC_POSITION_PAST_MQH
#define CSMC_POSITION_PAST_MQH

#include "HistoryReader.mqh"

class CPositionPast
  {
public:
   //--- hedging: deals closed all of it; sums, since a trade server's clock can be set back between entry and exit
   static bool       IsClosed(const long id)
     {
      SDeal deals[];
      if(!CHistoryReader::ReadPosition(id,deals))
         return(false);
      bool exited=false;
      long open=0;
      int total=ArraySize(deals);
      for(int i=0; i<total; i++)
        {
         if(deals[i].canceled)
            continue;
         if(deals[i].entry==FEED_ENTRY_IN)
           {
            open+=deals[i].lots;
            continue;
           }
         open-=deals[i].lots;
         exited=true;
        }
      return(exited && open<=0);
     }

   //--- netting: which magic opened the symbol's position or turned it round, as of a deal: that position may be closed by now, and another
   //--- one open. False: the history does not tell.
   static bool       OwnerAsOf(const string symbol,const long newest,long &owner)
     {
      SDeal deals[];
      long net=0;
      bool found=false;
      if(!CHistoryReader::ReadPosition(CHistoryReader::PositionAsOf(symbol,newest),deals))
         return(false);
      int total=ArraySize(deals);
      for(int i=0; i<total; i++)
        {
         if(deals[i].canceled || deals[i].ticket>newest)
            continue;
         long after=net+deals[i].Signed();
         if(after!=0 && (net==0 || (net>0)!=(after>0)))
           {
            owner=deals[i].magic;
            found=true;
           }
         net=after;
        }
      return(found);
     }
  };

#endif
