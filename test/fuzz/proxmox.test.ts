import { proxmoxLaws } from "./laws/proxmox.ts";
import { FEW, tryLaws } from "./support/run.ts";

tryLaws("Proxmox VE", proxmoxLaws, FEW);
