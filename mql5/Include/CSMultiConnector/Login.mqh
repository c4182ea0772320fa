//+------------------------------------------------------------------+
//| Login.mqh                                                        |
//| Both sides prove that they know the secret, and the secret never |
//| travels: our proof in hello, the host's in welcome.              |
//+------------------------------------------------------------------+
#ifndef CSMC_LOGIN_MQH
#define CSMC_LOGIN_MQH

#include "AccountFacts.mqh"
#include "Context.mqh"
#include "JsonLine.mqh"
#include "JsonWriter.mqh"
#include "Nonce.mqh"
#include "Sha256.mqh"

#define LOGIN_PROTOCOL  1

class CLogin
  {
private:
   CNonce            m_nonces;
   string            m_nonce;

public:
                     CLogin(void) { Begin(); }

   void              Begin(void) { m_nonce=""; }

   //--- ours, of this connection; "" before hello
   string            Nonce(void) const { return(m_nonce); }

   //--- the line that answers the challenge; false: the terminal could not compute the proof
   bool              Hello(const CSettings &settings,const CAccountFacts &account,const string challenge,string &line)
     {
      m_nonce=m_nonces.Next();
      string proof="";
      CJsonWriter hello;
      WriteHello(hello,settings,account);
      if(StringLen(m_nonce)!=NONCE_DIGITS || !ProofOfText(settings.Secret,"csmc-feed-1|"+challenge+"|",hello.Unclosed(),proof))
         return(false);
      line=hello.Unclosed()+",\"proof\":\""+proof+"\"}";
      return(true);
     }

   //--- the host's proof, over the bytes that came, up to the last key, which is the proof
   bool              IsProved(const string secret,const CJsonLine &line,const uchar &bytes[],const int count) const
     {
      string proof="";
      if(line.LastKey()!="proof" || !line.Text("proof",proof))
         return(false);
      uchar mark[];
      uchar purpose[];
      uchar key[];
      uchar message[];
      uchar digest[];
      int length=CUtf8::Bytes(",\"proof\"",mark);
      int start=LastPlace(bytes,count,mark,length);
      if(start<0)
         return(false);
      int head=CUtf8::Bytes("csmc-host-1|"+m_nonce+"|",purpose);
      CUtf8::Bytes(secret,key);
      if(ArrayResize(message,head+start)!=head+start)
         return(false);
      for(int i=0; i<head; i++)
         message[i]=purpose[i];
      for(int i=0; i<start; i++)
         message[head+i]=bytes[i];
      return(CSha256::Hmac(key,message,digest) && CSha256::IsSame(digest,proof));
     }

private:
   void              WriteHello(CJsonWriter &hello,const CSettings &settings,const CAccountFacts &account) const
     {
      hello.Begin("hello");
      hello.Number("protocol",LOGIN_PROTOCOL);
      hello.Text("client",settings.ClientId,64);
      hello.Text("nonce",m_nonce,NONCE_DIGITS);
      hello.Number("login",account.login);
      hello.Text("server",account.server,128);
      hello.Text("margin",account.margin,16);
      hello.Text("mode",account.mode,16);
      hello.Text("currency",account.currency,16);
      hello.Number("build",account.build);
      hello.Text("ea",CSMC_VERSION,32);
      hello.Text("magics",settings.Magics,6000);
      hello.Flag("stopOnCritical",settings.StopOnCritical);
      hello.Text("licence",settings.Licence,256);
     }

   bool              ProofOfText(const string secret,const string purpose,const string text,string &proof) const
     {
      uchar message[];
      uchar key[];
      uchar digest[];
      CUtf8::Bytes(purpose+text,message);
      CUtf8::Bytes(secret,key);
      if(!CSha256::Hmac(key,message,digest))
         return(false);
      proof=CSha256::Hex(digest,SHA256_BYTES);
      return(true);
     }

   static int        LastPlace(const uchar &bytes[],const int count,const uchar &mark[],const int length)
     {
      for(int start=count-length; start>=0; start--)
        {
         int same=0;
         while(same<length && bytes[start+same]==mark[same])
            same++;
         if(same==length)
            return(start);
        }
      return(-1);
     }
  };

#endif
