//+------------------------------------------------------------------+
//| ByteQueue.mqh                                                    |
//| Bytes that wait to be sent, first in, first out, up to a limit.  |
//+------------------------------------------------------------------+
#ifndef CSMC_BYTE_QUEUE_MQH
#define CSMC_BYTE_QUEUE_MQH

#define QUEUE_RESERVE  65536

class CByteQueue
  {
private:
   uchar             m_bytes[];
   int               m_head;
   int               m_tail;
   int               m_limit;

public:
                     CByteQueue(void)
     {
      m_head=0;
      m_tail=0;
      m_limit=0;
     }

   void              Begin(const int limit)
     {
      ArrayFree(m_bytes);
      m_head=0;
      m_tail=0;
      m_limit=limit;
     }

   int               Count(void) const { return(m_tail-m_head); }

   //--- false: there is no room for all of it, and nothing was taken
   bool              Append(const uchar &bytes[],const int count)
     {
      if(count<=0)
         return(true);
      if(count>ArraySize(bytes) || count>m_limit-Count())
         return(false);
      if(m_tail+count>ArraySize(m_bytes))
        {
         MoveToFront();
         if(m_tail+count>ArraySize(m_bytes) && ArrayResize(m_bytes,2*(m_tail+count)+QUEUE_RESERVE)<m_tail+count)
            return(false);
        }
      for(int i=0; i<count; i++)
         m_bytes[m_tail+i]=bytes[i];
      m_tail+=count;
      return(true);
     }

   //--- copies the first bytes, at most max, and leaves them in the queue
   int               Peek(uchar &bytes[],const int max) const
     {
      int count=Count();
      if(count>max)
         count=max;
      if(count<=0 || ArrayResize(bytes,count)!=count)
         return(0);
      for(int i=0; i<count; i++)
         bytes[i]=m_bytes[m_head+i];
      return(count);
     }

   void              Remove(const int count)
     {
      if(count<=0)
         return;
      m_head+=count;
      if(m_head<m_tail)
         return;
      m_head=0;
      m_tail=0;
     }

private:
   void              MoveToFront(void)
     {
      if(m_head==0)
         return;
      for(int i=m_head; i<m_tail; i++)
         m_bytes[i-m_head]=m_bytes[i];
      m_tail-=m_head;
      m_head=0;
     }
  };

#endif
