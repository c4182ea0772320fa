//+------------------------------------------------------------------+
//| Requests.mqh                                                     |
//| The buttons' requests that wait for an answer. An id is never    |
//| used twice, and none is repeated in another session.             |
//+------------------------------------------------------------------+
#ifndef CSMC_REQUESTS_MQH
#define CSMC_REQUESTS_MQH

#define REQUESTS_MAX  16

class CRequests
  {
private:
   string            m_ids[REQUESTS_MAX];
   string            m_connectors[REQUESTS_MAX];
   int               m_total;
   ulong             m_count;

public:
                     CRequests(void)
     {
      m_total=0;
      m_count=0;
     }

   //--- forgets what waits; the numbers go on
   void              Begin(void) { m_total=0; }

   //--- the id, made of the session's nonce and a number; "" = too many wait
   string            Add(const string prefix,const string connector)
     {
      if(m_total>=REQUESTS_MAX)
         return("");
      m_count++;
      string id="ea-"+prefix+"-"+IntegerToString((long)m_count);
      m_ids[m_total]=id;
      m_connectors[m_total]=connector;
      m_total++;
      return(id);
     }

   //--- false: not one of this session's
   bool              Take(const string id,string &connector)
     {
      for(int i=0; i<m_total; i++)
        {
         if(m_ids[i]!=id)
            continue;
         connector=m_connectors[i];
         m_total--;
         m_ids[i]=m_ids[m_total];
         m_connectors[i]=m_connectors[m_total];
         return(true);
        }
      return(false);
     }
  };

#endif
