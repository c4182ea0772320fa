// All that the EA's transformed sources see.
#pragma once
#include "Api/Constants.h"
#include "Api/Machine.h"
#include "Api/Structs.h"
#include "Api/Trading.h"
#include "Language/Array.h"
#include "Language/Convert.h"
#include "Language/Format.h"
#include "Language/Literals.h"
#include "Program/Handlers.h"
