//+------------------------------------------------------------------+
//| ServerClock.mqh                                                  |
//| The trade server's clock. The terminal does not tell its zone:   |
//| what lies between it and UTC is rounded to a quarter of an hour. |
//+------------------------------------------------------------------+
#ifndef CSMC_SERVER_CLOCK_MQH
#define CSMC_SERVER_CLOCK_MQH

#define CLOCK_QUARTER_SECONDS  900
#define CLOCK_DAY_MSC          86400000
//--- deals are read up to here: the last quote may be older than the newest deal
#define CLOCK_FAR_FUTURE       D'2999.12.31 00:00:00'

class CServerClock
  {
public:
   static long       NowMsc(void) { return((long)TimeTradeServer()*1000); }

   //--- a time of the trade server in UTC, as far as the terminal knows
   static long       Utc(const long time_msc)
     {
      double ahead=(double)((long)TimeTradeServer()-(long)TimeGMT());
      long quarters=(long)MathRound(ahead/(double)CLOCK_QUARTER_SECONDS);
      long utc=time_msc-quarters*(long)CLOCK_QUARTER_SECONDS*1000;
      if(utc<0)
         return(0);
      return(utc);
     }
  };

#endif
