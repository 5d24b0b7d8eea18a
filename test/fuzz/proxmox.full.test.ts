import { proxmoxLaws } from "./laws/proxmox.ts";
import { MANY, tryLaws } from "./support/run.ts";

tryLaws("Proxmox VE", proxmoxLaws, MANY);
