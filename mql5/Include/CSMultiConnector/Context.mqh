//+------------------------------------------------------------------+
//| Context.mqh                                                      |
//| What every class of the Expert Advisor may use. One instance,    |
//| owned by the main file, passed by reference.                     |
//+------------------------------------------------------------------+
#ifndef CSMC_CONTEXT_MQH
#define CSMC_CONTEXT_MQH

#include "Log.mqh"
#include "PanelModel.mqh"
#include "Settings.mqh"

// What the host is told in `hello`, and the panel shows. The property "version" of the main file goes with it.
#define CSMC_VERSION "1.0.0"

class CContext
  {
public:
   CSettings         settings;
   CLog              log;
   CPanelModel       panel;
  };

#endif
