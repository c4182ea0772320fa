//+------------------------------------------------------------------+
//| Backoff.mqh                                                      |
//| How long to wait before the next connection: doubling, with some |
//| chance in it so that many terminals do not come back at once.    |
//+------------------------------------------------------------------+
#ifndef CSMC_BACKOFF_MQH
#define CSMC_BACKOFF_MQH

#define BACKOFF_FIRST_MS  1000
#define BACKOFF_MAX_MS    60000

class CBackoff
  {
private:
   ulong             m_delay;
   ulong             m_due;

public:
                     CBackoff(void) { Reset(); }

   void              Reset(void)
     {
      m_delay=BACKOFF_FIRST_MS;
      m_due=0;
     }

   //--- the session was live: the next failure is the first again
   void              Forget(void) { m_delay=BACKOFF_FIRST_MS; }

   bool              IsDue(const ulong now) const { return(now>=m_due); }

   //--- after a failure; returns the milliseconds to wait, between three quarters of the delay and all of it
   ulong             Fail(const ulong now)
     {
      ulong quarter=m_delay/4;
      ulong wait=m_delay-quarter+quarter*(ulong)(MathRand()%1000)/1000;
      m_due=now+wait;
      m_delay*=2;
      if(m_delay>BACKOFF_MAX_MS)
         m_delay=BACKOFF_MAX_MS;
      return(wait);
     }
  };

#endif
