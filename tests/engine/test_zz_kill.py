import time, subprocess, os
from tests.engine.programs import WHOLE
def test_kill(stack, sandbox):
    stack.write(WHOLE)
    sandbox.fault("delay", "POST", "^/customer_portals$", seconds=6)
    p = stack.popen("up","--yes","--skip-preview","--stack","dev")
    while not any(c["path"]=="/customer_portals" for c in sandbox.calls): time.sleep(0.05)
    print(p.pid)
    print(subprocess.run(["ps","-o","pid,ppid,pgid,sid,args","-s",str(p.pid)],capture_output=True,text=True).stdout)
    p.kill(); p.wait()
    t=time.time()
    while True:
        o=subprocess.run(["ps","-o","pid,ppid,pgid,sid,args","-s",str(p.pid)],capture_output=True,text=True).stdout
        if len(o.splitlines())==1: break
        print(round(time.time()-t,1), len(o.splitlines())-1); time.sleep(0.5)
    for c in sandbox.calls: print(c["method"], c["path"], c["query"], c["status"])
    for a in (["up","--yes","--skip-preview"],["cancel","--yes"],["up","--yes","--skip-preview"],["refresh","--yes","--skip-preview", "--clear-pending-creates"],["up","--yes","--skip-preview"],):
        r=stack.pulumi(*a,"--stack","dev"); print("=====",a,r.code,r.out)
    print(stack.export()["deployment"].get("pending_operations"))
    stack.settled()
