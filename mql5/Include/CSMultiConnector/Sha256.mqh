//+------------------------------------------------------------------+
//| Sha256.mqh                                                       |
//| SHA-256 by the terminal, HMAC over it, and a comparison that     |
//| takes the same time for every wrong answer.                      |
//+------------------------------------------------------------------+
#ifndef CSMC_SHA256_MQH
#define CSMC_SHA256_MQH

#include "Utf8.mqh"

#define SHA256_BYTES  32
#define SHA256_BLOCK  64

class CSha256
  {
public:
   //--- false: the terminal could not compute it. The data is never empty.
   static bool       Hash(const uchar &data[],uchar &digest[])
     {
      uchar no_key[];
      ArrayFree(digest);
      if(ArraySize(data)==0)
         return(false);
      return(CryptEncode(CRYPT_HASH_SHA256,data,no_key,digest)==SHA256_BYTES && ArraySize(digest)>=SHA256_BYTES);
     }

   static bool       Hmac(const uchar &secret[],const uchar &message[],uchar &digest[])
     {
      uchar block[];
      if(!BlockOf(secret,block))
         return(false);
      int count=ArraySize(message);
      uchar inner[];
      if(ArrayResize(inner,SHA256_BLOCK+count)!=SHA256_BLOCK+count)
         return(false);
      for(int i=0; i<SHA256_BLOCK; i++)
         inner[i]=(uchar)(block[i]^0x36);
      for(int i=0; i<count; i++)
         inner[SHA256_BLOCK+i]=message[i];
      uchar inside[];
      if(!Hash(inner,inside))
         return(false);
      uchar outer[];
      if(ArrayResize(outer,SHA256_BLOCK+SHA256_BYTES)!=SHA256_BLOCK+SHA256_BYTES)
         return(false);
      for(int i=0; i<SHA256_BLOCK; i++)
         outer[i]=(uchar)(block[i]^0x5C);
      for(int i=0; i<SHA256_BYTES; i++)
         outer[SHA256_BLOCK+i]=inside[i];
      return(Hash(outer,digest));
     }

   static string     Hex(const uchar &bytes[],const int count)
     {
      string digits="0123456789abcdef";
      string text="";
      for(int i=0; i<count && i<ArraySize(bytes); i++)
        {
         int value=(int)bytes[i];
         text+=StringSubstr(digits,value/16,1)+StringSubstr(digits,value%16,1);
        }
      return(text);
     }

   //--- digits may be upper or lower case
   static bool       IsSame(const uchar &digest[],const string hex)
     {
      string mine=Hex(digest,SHA256_BYTES);
      string other=hex;
      StringToLower(other);
      if(StringLen(mine)!=2*SHA256_BYTES || StringLen(other)!=2*SHA256_BYTES)
         return(false);
      uint difference=0;
      for(int i=0; i<2*SHA256_BYTES; i++)
         difference|=(uint)StringGetCharacter(mine,i)^(uint)StringGetCharacter(other,i);
      return(difference==0);
     }

private:
   static bool       BlockOf(const uchar &secret[],uchar &block[])
     {
      if(ArrayResize(block,SHA256_BLOCK)!=SHA256_BLOCK)
         return(false);
      ArrayInitialize(block,0);
      int count=ArraySize(secret);
      if(count<=SHA256_BLOCK)
        {
         for(int i=0; i<count; i++)
            block[i]=secret[i];
         return(true);
        }
      uchar shorter[];
      if(!Hash(secret,shorter))
         return(false);
      for(int i=0; i<SHA256_BYTES; i++)
         block[i]=shorter[i];
      return(true);
     }
  };

#endif
