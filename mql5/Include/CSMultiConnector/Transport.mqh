//+------------------------------------------------------------------+
//| Transport.mqh                                                    |
//| One TCP or TLS connection to the host. Reading never waits;      |
//| connecting and sending wait for a short, bounded time.           |
//+------------------------------------------------------------------+
#ifndef CSMC_TRANSPORT_MQH
#define CSMC_TRANSPORT_MQH

#include "ByteQueue.mqh"

#define TRANSPORT_CONNECT_MS  2000
#define TRANSPORT_SEND_MS     500
#define TRANSPORT_READ_MS     1
#define TRANSPORT_CHUNK       16384
#define ERROR_NOT_ALLOWED     4014
#define ERROR_NO_CONNECT      5272
#define ERROR_SOCKET_IO       5273

class CTransport
  {
private:
   int               m_socket;
   bool              m_tls;

public:
                     CTransport(void)
     {
      m_socket=INVALID_HANDLE;
      m_tls=false;
     }

                    ~CTransport(void) { Close(); }

   bool              IsOpen(void) const { return(m_socket!=INVALID_HANDLE); }

   //--- "" = connected, else why not and what to do
   string            Open(const string host,const uint port,const bool tls)
     {
      Close();
      m_tls=tls;
      ResetLastError();
      m_socket=SocketCreate(SOCKET_DEFAULT);
      if(m_socket==INVALID_HANDLE)
         return(Refusal(host,port,GetLastError()));
      //--- without these a call may wait for ever
      SocketTimeouts(m_socket,TRANSPORT_CONNECT_MS,TRANSPORT_CONNECT_MS);
      ResetLastError();
      if(!SocketConnect(m_socket,host,port,TRANSPORT_CONNECT_MS))
        {
         int error=GetLastError();
         Close();
         return(Refusal(host,port,error));
        }
      if(tls && !IsTlsNow())
        {
         ResetLastError();
         if(!SocketTlsHandshake(m_socket,host))
           {
            int error=GetLastError();
            Close();
            return("TLS with "+host+":"+IntegerToString((long)port)+" failed (error "+IntegerToString(error)
                   +"): the host must have a certificate for this name that this computer trusts, and TLS must be configured there");
           }
        }
      SocketTimeouts(m_socket,TRANSPORT_SEND_MS,TRANSPORT_SEND_MS);
      return("");
     }

   void              Close(void)
     {
      if(m_socket==INVALID_HANDLE)
         return;
      SocketClose(m_socket);
      m_socket=INVALID_HANDLE;
     }

   //--- bytes read, 0 = none now, -1 = the connection is gone
   int               Read(uchar &bytes[],const int max)
     {
      if(m_socket==INVALID_HANDLE || max<=0)
         return(-1);
      uchar chunk[];
      int count=0;
      ResetLastError();
      if(m_tls)
         count=SocketTlsReadAvailable(m_socket,chunk,(uint)max);
      else
        {
         uint waiting=SocketIsReadable(m_socket);
         if(waiting==0)
            return(NothingRead());
         if(waiting>(uint)max)
            waiting=(uint)max;
         count=SocketRead(m_socket,chunk,waiting,TRANSPORT_READ_MS);
        }
      if(count<=0)
        {
         //--- what is said to be readable may not be there, and a read that finds nothing answers like one that failed
         if(count<0 && GetLastError()==ERROR_SOCKET_IO)
            return(-1);
         return(NothingRead());
        }
      if(count>max || count>ArraySize(chunk) || ArrayResize(bytes,count)!=count)
         return(-1);
      for(int i=0; i<count; i++)
         bytes[i]=chunk[i];
      return(count);
     }

   //--- Sends what it can of the queue in about the time of one send, at most max bytes; false = the connection is gone. Also for a program
   //--- that is being ended: it has still to say good-bye.
   bool              Send(CByteQueue &queue,const int max)
     {
      int sent=0;
      uchar chunk[];
      ulong start=GetTickCount64();
      while(sent<max && queue.Count()>0 && GetTickCount64()-start<TRANSPORT_SEND_MS)
        {
         if(m_socket==INVALID_HANDLE)
            return(false);
         if(!SocketIsWritable(m_socket))
            return(SocketIsConnected(m_socket));
         int count=queue.Peek(chunk,TRANSPORT_CHUNK);
         if(count<=0)
            return(false);
         int done=0;
         if(m_tls)
            done=SocketTlsSend(m_socket,chunk,(uint)count);
         else
            done=SocketSend(m_socket,chunk,(uint)count);
         //--- how much of a failed send arrived is not known: the line cannot go on
         if(done<0 || done>count)
            return(false);
         if(done==0)
            return(true);
         queue.Remove(done);
         sent+=done;
        }
      return(true);
     }

private:
   int               NothingRead(void) const
     {
      if(SocketIsConnected(m_socket))
         return(0);
      return(-1);
     }

   //--- on port 443 the terminal begins TLS by itself
   bool              IsTlsNow(void) const
     {
      string subject="";
      string issuer="";
      string serial="";
      string thumbprint="";
      datetime expires=0;
      return(SocketTlsCertificate(m_socket,subject,issuer,serial,thumbprint,expires));
     }

   static string     Refusal(const string host,const uint port,const int error)
     {
      string address=host+":"+IntegerToString((long)port);
      if(error==ERROR_NOT_ALLOWED || error==ERROR_NO_CONNECT)
         return("no connection to "+address+" (error "+IntegerToString(error)+"): is the host running there, and is "+host
                +" in the list under Tools, Options, Expert Advisors, \"Allow WebRequest for listed URL\"?");
      return("no connection to "+address+" (error "+IntegerToString(error)+")");
     }
  };

#endif
