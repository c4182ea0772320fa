//+------------------------------------------------------------------+
//| Nonce.mqh                                                        |
//| Text that is never used twice. It need not be secret: clocks,    |
//| the account, the chart, a counter and chance, through SHA-256.   |
//+------------------------------------------------------------------+
#ifndef CSMC_NONCE_MQH
#define CSMC_NONCE_MQH

#include "Sha256.mqh"

#define NONCE_DIGITS  32

class CNonce
  {
private:
   ulong             m_count;
   string            m_last;

public:
                     CNonce(void)
     {
      m_count=0;
      m_last="";
     }

   //--- "" when the terminal cannot hash
   string            Next(void)
     {
      m_count++;
      string seed=m_last+"|"+IntegerToString((long)m_count)+"|"+IntegerToString((long)GetMicrosecondCount());
      seed+="|"+IntegerToString((long)GetTickCount64())+"|"+IntegerToString((long)TimeLocal());
      seed+="|"+IntegerToString(AccountInfoInteger(ACCOUNT_LOGIN))+"|"+IntegerToString(ChartID());
      for(int i=0; i<16; i++)
         seed+="|"+IntegerToString(MathRand());
      uchar bytes[];
      uchar digest[];
      CUtf8::Bytes(seed,bytes);
      if(!CSha256::Hash(bytes,digest))
         return("");
      m_last=CSha256::Hex(digest,SHA256_BYTES);
      return(StringSubstr(m_last,0,NONCE_DIGITS));
     }
  };

#endif
