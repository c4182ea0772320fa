//+------------------------------------------------------------------+
//| LineBuffer.mqh                                                   |
//| Cuts what was received into lines. A line that is too long       |
//| breaks the buffer for good: the connection has to be closed.     |
//+------------------------------------------------------------------+
#ifndef CSMC_LINE_BUFFER_MQH
#define CSMC_LINE_BUFFER_MQH

#define LINE_MAX_BYTES     65536
#define LINE_BUFFER_BYTES  (4*LINE_MAX_BYTES)

class CLineBuffer
  {
private:
   uchar             m_bytes[];
   int               m_head;
   int               m_tail;
   int               m_scan;
   bool              m_broken;

public:
                     CLineBuffer(void) { Begin(); }

   void              Begin(void)
     {
      ArrayFree(m_bytes);
      m_head=0;
      m_tail=0;
      m_scan=0;
      m_broken=false;
     }

   bool              IsBroken(void) const { return(m_broken); }

   //--- bytes that can be taken now
   int               Room(void) const { return(LINE_BUFFER_BYTES-(m_tail-m_head)); }

   void              Append(const uchar &bytes[],const int count)
     {
      if(count<=0)
         return;
      if(count>Room() || count>ArraySize(bytes))
        {
         m_broken=true;
         return;
        }
      if(m_head>0)
        {
         for(int i=m_head; i<m_tail; i++)
            m_bytes[i-m_head]=m_bytes[i];
         m_tail-=m_head;
         m_scan-=m_head;
         m_head=0;
        }
      if(m_tail+count>ArraySize(m_bytes) && ArrayResize(m_bytes,m_tail+count+LINE_MAX_BYTES)<m_tail+count)
        {
         m_broken=true;
         return;
        }
      for(int i=0; i<count; i++)
         m_bytes[m_tail+i]=bytes[i];
      m_tail+=count;
     }

   //--- the next whole line, without LF
   bool              Next(uchar &line[],int &count)
     {
      count=0;
      if(m_broken)
         return(false);
      while(m_scan<m_tail && m_bytes[m_scan]!=10)
         m_scan++;
      int length=m_scan-m_head;
      if(length>LINE_MAX_BYTES)
        {
         m_broken=true;
         return(false);
        }
      if(m_scan>=m_tail)
         return(false);
      if(length>0)
        {
         if(ArrayResize(line,length)!=length)
           {
            m_broken=true;
            return(false);
           }
         for(int i=0; i<length; i++)
            line[i]=m_bytes[m_head+i];
        }
      count=length;
      m_scan++;
      m_head=m_scan;
      return(true);
     }
  };

#endif
